"""Conversion between experiments and query strings.

The grammar is used for URLs, cache keys and the command line. Only fields that differ from the
landscape's defaults are written, in declaration order, floats in shortest round-trip form, so each
experiment has exactly one text.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Any
from urllib.parse import quote

from simulation.model.contenders import MOMENTUM
from simulation.model.experiment import (
    PARAMETERS,
    PER_DIRECTION,
    Experiment,
    default_of,
    without_repeats,
)
from simulation.model.link import query_of, query_pairs
from simulation.model.parameters import Parameter, ParameterError

VERSION = "1"
LONGEST = 8_000  # most characters read; the longest query written has under 2,000
_FIELD_OF = {parameter.key: name for name, parameter in PARAMETERS.items()}
# Other spellings of a key: the field's name and PyTorch's.
_FIELDS = {
    name.lower(): parameter.key
    for parameter in PARAMETERS.values()
    for name in (parameter.field, parameter.torch, parameter.key)
    if name
}
_BETAS = ("beta", "β", MOMENTUM.field, MOMENTUM.torch)


@dataclass(frozen=True, slots=True)
class Repair:
    """A correction to a query: key, given text, text used and reason (`str` is the sentence)."""

    key: str
    given: str
    used: str
    why: str

    def __str__(self) -> str:
        given = self.given if len(self.given) <= 40 else self.given[:39] + "…"
        return f"{self.key} = “{given}” → {self.used or 'nothing'}: {self.why}"

    def error(self) -> ParameterError:
        """Return the error for callers that accept no correction."""
        field = _FIELD_OF.get(self.key, self.key)
        return ParameterError(field, self.given, "", None, reason=self.why, label=f"{self.key} =")


def format_query(experiment: Experiment) -> str:
    """Return the experiment's query string, without `?`; empty for the default experiment."""
    parts = []
    for name, parameter in PARAMETERS.items():
        text = field_text(experiment, name)
        if text != _usual_texts(experiment.landscape)[name] or (
            name == "landscape" and experiment.landscape != parameter.default
        ):
            parts.append(f"{parameter.key}={quote(text, safe=',:.-*/')}")
    return "&".join(parts)


@cache
def _usual_texts(landscape: str) -> Mapping[str, str]:
    usual = Experiment(landscape=landscape)
    return {name: field_text(usual, name) for name in PARAMETERS}


def field_text(experiment: Experiment, name: str) -> str:
    """Return one field's text; trailing repeats of a per-direction list are omitted."""
    value = getattr(experiment, name)
    if value is None:
        return ""
    if name in PER_DIRECTION:
        value = without_repeats(value)
    return PARAMETERS[name].format(value)


def parse_query(text: str) -> Experiment:
    """Parse a query string or a URL; raises ParameterError at the first fault.

    The keys of the page's view (`tab`, `t`, `theme`) are unknown here: app/state/links.py.
    """
    experiment, repairs = repair_query(text)
    if repairs:
        raise repairs[0].error()
    return experiment


def repair_query(text: str, known: Collection[str] = ()) -> tuple[Experiment, list[Repair]]:
    """Parse a query string into the nearest valid experiment and a Repair per correction.

    Never raises. known: further keys that are ignored (the page's own).
    """
    repairs: list[Repair] = []
    texts = _texts(text, known, repairs)
    landscape = _repair_field("landscape", texts, {}, repairs) or default_of("landscape")
    values: dict[str, Any] = {"landscape": landscape}
    for name in PARAMETERS:
        if name != "landscape":
            values[name] = _repair_field(name, texts, values, repairs)
    while True:  # cross-field faults: each pass sets one field to its nearest value
        try:
            return Experiment(**values), repairs
        except ParameterError as error:
            parameter = PARAMETERS[error.field]
            given = texts.get(parameter.key, parameter.format(values[error.field] or error.value))
            used = parameter.format(error.nearest)
            _add(repairs, Repair(parameter.key, given, used, error.requirement(parameter.label)))
            values[error.field] = error.nearest


def _add(repairs: list[Repair], new: Repair) -> None:
    """Append a repair, or merge it with an earlier one of the same key and text."""
    for i, old in enumerate(repairs):
        if (old.key, old.given) == (new.key, new.given):
            repairs[i] = Repair(new.key, new.given, new.used, f"{old.why}; {new.why}")
            return
    repairs.append(new)


def _texts(text: str, known: Collection[str], repairs: list[Repair]) -> dict[str, str]:
    query = query_of(text)
    if len(query) > LONGEST:
        why = f"a link has at most {LONGEST:,} characters"
        repairs.append(Repair("link", query, "its beginning", why))
        query = query[:LONGEST].rpartition("&")[0]
    texts: dict[str, str] = {}
    for key, value in query_pairs(query):
        if key in texts:
            repairs.append(Repair(key, value, texts[key], "given twice, the first one counts"))
        elif key in _FIELD_OF:
            texts[key] = value
        elif key == "v":
            if value != VERSION:
                repairs.append(Repair(key, value, VERSION, f"links have version {VERSION}"))
        elif key not in known:
            repairs.append(
                Repair(key[:40], value, "nothing", f"no parameter has this name{_hint(key, known)}")
            )
    return texts


def _hint(key: str, known: Collection[str]) -> str:
    """Suggest the key that an unknown key may mean; "" if none is similar."""
    if key.lower() in _BETAS:
        return "; β is written in run: run=0,0.9"
    meant = _FIELDS.get(key.lower())
    near = [meant] if meant else get_close_matches(key.lower(), (*_FIELD_OF, *known), 1)
    return f"; perhaps {near[0]}" if near else ""


def _repair_field(
    name: str, texts: dict[str, str], values: dict[str, Any], repairs: list[Repair]
) -> Any:
    parameter: Parameter = PARAMETERS[name]
    if parameter.key not in texts:
        return None
    given = texts[parameter.key]
    try:
        return parameter.check(parameter.parse(given))
    except ParameterError as error:
        nearest = error.nearest
        if nearest is None or nearest is parameter.default:
            nearest = default_of(name, values.get("landscape", "toy"))
        used = "the landscape's own" if nearest is None else parameter.format(nearest)
        repairs.append(Repair(parameter.key, given, used, error.requirement(parameter.label)))
        return nearest
