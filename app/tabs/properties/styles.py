"""Style of each property's panel: its title, scale and bound."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app import ids


@dataclass(frozen=True, slots=True)
class PanelStyle:
    """Style of a property's panel. scale: "log" or "symlog"; least: smallest symlog unit.

    short: the paper's acronym; words: what it stands for; formula: its definition; asked: where the
    proof requires it; meaning: what it says of the momentum, a sentence.
    line: label of the bound, "" for none; crosses: whether failures are marked, which is so if a
    failure violates the definition for any constant.
    """

    graph: str
    short: str
    words: str
    formula: str
    asked: str
    meaning: str
    scale: str = "symlog"
    least: float = 1.0
    line: str = ""
    crosses: bool = False


PANEL_STYLES: Mapping[str, PanelStyle] = MappingProxyType(
    {
        "apag": PanelStyle(
            ids.APAG,
            "APAG",
            "almost positively aligned with the gradient",
            "⟨∇<i>f</i>, <i>m</i> − <i>g</i>⟩ / ‖∇<i>f</i>‖²  ≥  −½",
            "where ‖∇f‖ ≥ ε",
            "Momentum takes away at most half of a large gradient, so that the function falls.",
            line="−½",
            crosses=True,
        ),
        "apcg": PanelStyle(
            ids.APCG,
            "APCG",
            "almost positively correlated with the gradient",
            "⟨∇<i>f</i>, <i>Mm</i>⟩ / ησ<sub>max</sub>‖∇<i>f</i>‖²  ≥  −c′",
            "in the saddle region",
            "Momentum of the past does not point far uphill over the next τ steps. Any c′ > 0 is "
            "allowed, but the larger it is the less the proof promises.",
            line="0",
        ),
        "cnc": PanelStyle(
            ids.CNC,
            "CNC",
            "correlated negative curvature",
            "E⟨<i>m</i>, <i>v</i>⟩²  ≥  γ > 0",
            "in the saddle region",
            "Momentum has a part along the way out v, else nothing drives the path out: the "
            "smaller γ, the longer it takes.",
            scale="log",
        ),
        "grace": PanelStyle(
            ids.GRACE,
            "GrACE",
            "gradient alignment or curvature exploitation",
            "⟨∇<i>f</i>, <i>g</i> − <i>m</i>⟩ / η + ½ <i>m</i>ᵀ<i>Hm</i>  ≤  c<sub>h</sub>",
            "throughout",
            "Momentum is aligned with the gradient or follows a direction that falls away; c_h "
            "bounds how far a step may be neither.",
            least=1e-3,
            line="0",
        ),
    }
)
"""Property → style of its panel."""
