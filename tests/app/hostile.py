"""Hypothesis strategies for what a bored student sends, and what may come back."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

from app.tabs.registry import TAB_MODULES
from simulation.landscapes.registry import LANDSCAPES
from simulation.model.experiment import PARAMETERS
from tests.simulation.formula_cases import FORMULAS, HOSTILE

KEYS = [parameter.key for parameter in PARAMETERS.values()]
VIEW_KEYS = ["q", "edits", "look", "have", "tab", "theme", "format", "v", "hide"]
PATHS = ["/", "/live", "/api/v1/run", "/api/v1/theory", "/api/v1/openapi.json", "/_dash-layout",
         "/_dash-dependencies", "/_dash-update-component", "/_reload-hash", "/_favicon.ico",
         "/healthz", "/metrics", "/assets/page.css", "/assets/", "/static/x",
         "/_dash-component-suites/dash/deps/react@18.3.1.min.js"]  # fmt: skip
ODD_NUMBERS = ["nan", "inf", "-inf", "1e999", "-0", "0x10", "1_000", "٣", "", " ", "1,,2",
               "9" * 400, "1e-400", "1.5.2", "true", "null", "[]", "{}"]  # fmt: skip
TEXTS = st.text(max_size=30) | st.sampled_from(["\x00", "\ud800", "é", "🐴", "../..", "%", "%ff"])
NUMBERS = st.floats().map(str) | st.integers().map(str) | st.sampled_from(ODD_NUMBERS)
LISTS = st.lists(NUMBERS, max_size=60).map(",".join)
CONTENDERS = st.lists(
    st.sampled_from(["0", "0.9", "nesterov:0.5", "adam", "boosted:0.9", "amsgrad:", ":", "sgd:1"])
    | NUMBERS,
    max_size=12,
).map(",".join)
FORMULA_TEXTS = st.sampled_from([*HOSTILE, *(text for text, _, _ in FORMULAS.values())])
NAMES = st.sampled_from([*LANDSCAPES, "none"])
# Work small enough that a thousand requests do not take the afternoon.
SMALL = {"T": st.integers(10, 3000).map(str), "N": st.integers(1, 8).map(str)}


@st.composite
def queries(draw: st.DrawFn) -> list[tuple[str, str]]:
    """Keys and values: known and unknown, good and bad, repeated."""
    pairs = [(key, draw(value)) for key, value in SMALL.items()]
    keys = st.sampled_from(KEYS + VIEW_KEYS) | TEXTS
    for key in draw(st.lists(keys, max_size=8)):
        if key not in SMALL:
            pairs.append((key, draw(NUMBERS | LISTS | CONTENDERS | NAMES | FORMULA_TEXTS | TEXTS)))
    return pairs


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


@st.composite
def edits(draw: st.DrawFn) -> str:
    """The drag endpoint's edits: a JSON object of control → value, or something else."""
    keys = st.sampled_from([*KEYS, "beta", "add", "remove", "select", "preset", "theme", "dice",
                            "eig-escape", "sd-stable", "w0-x", "p1", "p8"]) | TEXTS  # fmt: skip
    said = JSON | FORMULA_TEXTS
    whole = draw(st.dictionaries(keys, said, max_size=4) | JSON)
    return draw(st.just(json.dumps(whole)) | TEXTS | st.just("[" * 3000))


# What a page says to its callbacks: a query with a tab open, a theme, a number, nothing.
TABS = st.sampled_from(sorted(TAB_MODULES))
QUERIES = st.tuples(TABS, queries()).map(
    lambda case: "&".join("=".join(pair) for pair in [("tab", case[0]), *case[1]])
)
SAID = QUERIES | st.sampled_from(["light", "dark", ""]) | st.integers(0, 3) | st.none()


def bodies(callbacks: dict[str, Any]) -> st.SearchStrategy[bytes]:
    """Bodies for the callback endpoint: real ones, some with something wrong."""
    answered = sorted(output for output, known in callbacks.items() if "callback" in known)

    @st.composite
    def body(draw: st.DrawFn) -> bytes:
        right = draw(st.booleans())
        known = st.sampled_from(answered if right else sorted(callbacks))
        output = draw(known if right else known | TEXTS)
        callback = callbacks.get(output, {"inputs": [], "state": []})
        several = output.startswith("..")
        names = output.strip(".").split("...") if several else [output]
        ids = [dict(zip(("id", "property"), name.rpartition(".")[::2], strict=True))
               for name in names]  # fmt: skip
        said_right = draw(st.sampled_from([QUERIES, SAID]))
        values = said_right if right else JSON | queries().map(str)
        said: Any = {
            "output": output,
            "outputs": ids if several else ids[0],
            "inputs": [part | {"value": draw(values)} for part in callback["inputs"]],
            "state": [part | {"value": draw(values)} for part in callback["state"]],
            "changedPropIds": [] if right else draw(st.just([]) | JSON),
        }  # fmt: skip
        if right:
            return json.dumps(said).encode()
        for key in draw(st.lists(st.sampled_from(sorted(said)), max_size=2)):
            said[key] = draw(JSON)
        for key in draw(st.lists(st.sampled_from(sorted(said)), max_size=1)):
            del said[key]
        if draw(st.booleans()) and isinstance(said.get("inputs"), list) and said["inputs"]:
            said["inputs"][0] = draw(JSON)
        text = draw(st.just(said) | JSON)
        data = json.dumps(text).encode()
        return draw(st.just(data) | st.binary(max_size=40) | st.just(data[:-1]))

    return body()
