"""docs/parameters.md is up to date with the declarations."""

from __future__ import annotations

from pathlib import Path

from simulation.model.experiment import PARAMETERS
from simulation.model.parameter_table import table

PAGE = Path(__file__).parents[2] / "docs" / "parameters.md"


def test_the_table_in_the_docs_is_the_declarations():
    made = "python -m simulation.model.parameter_table > docs/parameters.md"
    assert PAGE.read_text(encoding="utf-8") == table(), f"the declarations have changed: {made}"


def test_every_parameter_has_a_row():
    text = table()
    for parameter in PARAMETERS.values():
        assert f"| `{parameter.key}` | `{parameter.field}` |" in text
        assert parameter.allowed in text
