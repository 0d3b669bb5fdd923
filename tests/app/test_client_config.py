"""The scripts' configuration says what the page's Python has: ids, keys, kinds of traces."""

from __future__ import annotations

import json
from typing import Any

from app import ids
from app.components.client_config import SHORTCUTS, TRACE_KINDS, client_config, config_tag
from app.components.dialogs import shortcut_keys
from app.layout import page
from app.state.page_state import read, write
from app.tabs.registry import TAB_MODULES
from tests.app.drawn import drawn

CONFIG = client_config("/", "/assets/modules/x/")
KEYS = {"Escape": "Esc"}  # as a key names itself → as the page writes it


def kinds(graph: str) -> set[str]:
    return {trace["meta"].get("kind") for trace in drawn("toy")[graph]["data"]}


def test_the_kinds_that_the_cursor_looks_for_are_drawn() -> None:
    landscape, *timed = (kinds(graph) for graph in CONFIG["graphs"])
    assert {*TRACE_KINDS["landmarks"], TRACE_KINDS["landscapeCurve"]} <= landscape
    assert all(TRACE_KINDS["timeCurve"] in each for each in timed)


def test_the_keys_after_the_step_come_after_it_in_an_address() -> None:
    text = "T=5000&tab=lessons&theme=dark&t=7&lesson=2&reveal=1&colors=0,2&hide=T&view=embed"
    state, repairs = read(text, ("explore", "lessons"))
    assert not repairs
    assert write(state) == text
    after = text.split("&t=7&")[1].split("&")
    assert [part.split("=")[0] for part in after] == CONFIG["keysAfterStep"]


def test_the_page_says_what_every_shortcut_does() -> None:
    said = {key.strip() for keys in shortcut_keys(len(TAB_MODULES)) for key in keys.split(", ")}
    keys = [*SHORTCUTS["clicks"], SHORTCUTS["nextTheme"], SHORTCUTS["leave"]]
    assert {KEYS.get(key, key) for key in keys} <= said


def test_the_buttons_and_plots_are_on_the_page() -> None:
    on_it = {getattr(part, "id", None) for part in page("")._traverse()}
    named = [target[1:] for target in SHORTCUTS["clicks"].values() if target.startswith("#")]
    assert {*named, *CONFIG["graphs"], *CONFIG["betaGraphs"]} <= on_it
    assert len(named) == 3


def test_the_sliders_are_the_rails_own() -> None:
    parts: dict[Any, Any] = {getattr(part, "id", None): part for part in page("")._traverse()}
    for key, config in CONFIG["sliders"].items():
        slider = parts.get(ids.slider(key))
        if slider is None:  # on a tab that is not open
            continue
        ends = (slider.min, slider.max, slider.step)
        assert ends == (config["low"], config["high"], config["step"])


def test_the_tag_gives_back_the_configuration_and_cannot_end_early() -> None:
    tag = config_tag({**CONFIG, "prefix": "</script><script>"})
    assert tag.count("<") == 2
    text = tag.split(">", 1)[1].removesuffix("</script>")
    assert json.loads(text) == {**CONFIG, "prefix": "</script><script>"}
