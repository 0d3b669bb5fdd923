"""The recipes of docs/extending.md for the page: a figure and a tab in a copy of it, a lesson."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from app import ids
from app.lessons import parser
from app.lessons.parser import lessons
from app.state.page_state import read
from app.state.view import HIDEABLE
from app.tabs.registry import TAB_MODULES
from simulation.model.query import repair_query

ROOT = Path(__file__).parents[2]
RECIPES = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")

CHECK = """
import json
from app.server import create_app

client = create_app().server.test_client()
query = "landscape=quadratic&run=0,0.9&T=200&tab=stable"
layout = client.get(f"/_dash-layout?{query}").get_data(as_text=True)
assert '"id":"distance-alone"' in layout and '"id":"stable-table"' in layout
assert "the escape radius is" in layout
moved = client.get("/live", query_string={"q": query, "edits": json.dumps({"lam-escape": -0.2})})
answer = moved.get_json()
assert "distance-alone" in answer["frame"]["graphs"]
assert "distance-alone" in answer["figures"]
assert answer["props"]["fault-stable"]["hidden"], answer["props"]["fault-stable"]
rows = json.dumps(answer["props"]["stable-table"])
assert "Momentum 0.9" in rows
filled = client.post("/_dash-update-component", json={
    "output": "..stable-table.children...fault-stable.children...fault-stable.hidden..",
    "outputs": [{"id": "stable-table", "property": "children"},
                {"id": "fault-stable", "property": "children"},
                {"id": "fault-stable", "property": "hidden"}],
    "inputs": [{"id": "due-stable", "property": "data", "value": query}],
    "state": [{"id": "look", "property": "data", "value": "light"}],
    "changedPropIds": ["due-stable.data"],
})
assert filled.status_code == 200, filled.get_data(as_text=True)
assert "0.9" in filled.get_data(as_text=True)
print("followed")
"""


def recipe(title: str) -> str:
    return RECIPES.split(f"# {title}\n")[1].split("\n# ")[0]


def example(title: str) -> str:
    (block,) = re.findall(r" *```(?:python)?\n(.*?)```", recipe(title), re.DOTALL)
    return textwrap.dedent(block)


def edit(file: Path, *changes: tuple[str, str]) -> None:
    text = file.read_text(encoding="utf-8")
    for old, new in changes:
        assert text.count(old) == 1, (file, old)
        text = text.replace(old, new)
    file.write_text(text, encoding="utf-8")


def constant(title: str) -> str:
    """The id that the recipe defines."""
    (line,) = re.findall(r"`app/ids\.py`: `([A-Z_]+ = \"[\w-]+\")`", recipe(title))
    return line


@pytest.mark.long
def test_a_figure_and_a_tab(tmp_path: Path) -> None:
    for folder in ("app", "assets", "simulation"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    app = tmp_path / "app"
    figure, tab = constant("Add a figure to Explore"), constant("Add a tab")
    name = figure.split()[0]
    edit(app / "ids.py", ("CORRELATION, VALUE)", f"CORRELATION, VALUE, {name})"),
         ('\nVALUE = "value"\n', f'\nVALUE = "value"\n{figure}\n{tab}\n'))  # fmt: skip
    (app / "figures" / "distance_alone.py").write_text(example("Add a figure to Explore"), "utf-8")
    edit(app / "figures" / "explore.py",
         ("import correlation, distance,", "import correlation, distance, distance_alone,"),
         ("        ids.VALUE: lambda", f"        ids.{name}: lambda summary, surface, theme, axes: "
          "distance_alone.figure(summary, theme, axes),\n"
          "        ids.VALUE: lambda"),
         ("        ids.VALUE: value.summary_text,", f"        ids.{name}: "
          "distance_alone.summary_text,\n        ids.VALUE: value.summary_text,"))  # fmt: skip
    edit(app / "tabs" / "explore" / "tab.py",
         ("    ids.VALUE:", f'    ids.{name}: "Distance",\n    ids.VALUE:'))  # fmt: skip
    stable = app / "tabs" / "stable"
    stable.mkdir()
    (stable / "__init__.py").write_text('"""The Stable tab."""\n', "utf-8")
    (stable / "tab.py").write_text(example("Add a tab"), "utf-8")
    done = subprocess.run(
        [sys.executable, "-c", CHECK], cwd=tmp_path, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONUTF8": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout == "followed\n"


def test_a_lesson(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = lessons()
    for page in (ROOT / "app" / "lessons").glob("*.md"):
        shutil.copy(page, tmp_path)
    (tmp_path / "10-a-half.md").write_text(example("Add a lesson"), "utf-8")
    monkeypatch.setattr(parser, "files", lambda package: tmp_path)
    lessons.cache_clear()
    try:
        *others, added = lessons()
        assert tuple(others) == before
        assert not repair_query(added.query)[1]
        assert set(added.controls) <= set(HIDEABLE)
        state, repairs = read(f"tab=lessons&lesson={added.number}", tuple(TAB_MODULES))
        assert not repairs
        assert state.experiment == added.experiment
        asking = TAB_MODULES["lessons"].props(state, "light")
        assert asking[ids.fault("lessons")]["hidden"]
        question = asking[ids.LESSON_QUESTION]["children"]
        assert re.search(r"SGD escapes after [\d,]+ steps\. When does Momentum 0\.5", question), (
            question
        )
        told = TAB_MODULES["lessons"].props(state.with_view(reveal=True), "light")
        assert "Momentum 0.5 escapes after" in told[ids.LESSON_REVEAL]["children"].children
    finally:
        monkeypatch.undo()
        lessons.cache_clear()
    assert lessons() == before
