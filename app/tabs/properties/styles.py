"""Style of each property's panel: its title, scale and bound."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app import ids


@dataclass(frozen=True, slots=True)
class PanelStyle:
    """Style of a property's panel. scale: "log" or "symlog"; least: smallest symlog unit.

    line: label of the bound, "" for none; crosses: whether failures are marked, which is so if a
    failure violates the definition for any constant.
    """

    graph: str
    title: str
    asked: str
    scale: str = "symlog"
    least: float = 1.0
    line: str = ""
    crosses: bool = False


PANEL_STYLES: Mapping[str, PanelStyle] = MappingProxyType(
    {
        "apag": PanelStyle(
            ids.APAG,
            "APAG  ⟨∇<i>f</i>, <i>m</i> − <i>g</i>⟩ / ‖∇<i>f</i>‖²  ≥  −½",
            "required where ‖∇<i>f</i>‖ ≥ ε",
            line="−½",
            crosses=True,
        ),
        "apcg": PanelStyle(
            ids.APCG,
            "APCG  ⟨∇<i>f</i>, <i>Mm</i>⟩ / ησ<sub>max</sub>‖∇<i>f</i>‖²  ≥  −c′",
            "required in the saddle region",
            line="0",
        ),
        "cnc": PanelStyle(
            ids.CNC,
            "CNC  E⟨<i>m</i>, <i>v</i>⟩²  ≥  γ > 0",
            "required in the saddle region",
            scale="log",
        ),
        "grace": PanelStyle(
            ids.GRACE,
            "GrACE  ⟨∇<i>f</i>, <i>g</i> − <i>m</i>⟩ / η + ½ <i>m</i>ᵀ<i>Hm</i>  ≤  c<sub>h</sub>",
            "required throughout",
            least=1e-3,
            line="0",
        ),
    }
)
"""Property → style of its panel."""
