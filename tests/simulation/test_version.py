"""The engine's version: which source changes alter it, and which do not."""

from __future__ import annotations

import io
import tokenize
from pathlib import Path

import pytest

import simulation
from simulation.version import code_hash, code_of, engine_version

PACKAGE = Path(simulation.__file__).parent
SOURCES = sorted(PACKAGE.rglob("*.py"))
LAYOUT = (tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.COMMENT)

SOURCE = '''"""What a module is."""

import math

LIMIT = 0.05  # a share
"""What the constant is."""
TEMPLATE = """
# a line of the template

x = '#'
"""


def double(x: float) -> float:
    """Twice x.

    On several lines.
    """
    # a reason
    return 2 * x + len("# no comment") + call(
        "an argument",
    )


class Empty(Exception):
    """Nothing else."""
'''


def code_tokens(source: str) -> list[str]:
    """The tokens of a source that are code, by the standard library."""
    found, statement = [], []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.NEWLINE:
            if [t.type for t in statement] != [tokenize.STRING]:
                found += [t.string for t in statement]
            statement = []
        elif token.type not in LAYOUT:
            statement.append(token)
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_what_is_left_of_the_engines_sources_is_their_code(path):
    source = path.read_text(encoding="utf-8")
    code = code_of(source)
    assert code_tokens(code) == code_tokens(source)
    kinds = [t.type for t in tokenize.generate_tokens(io.StringIO(code).readline)]
    assert tokenize.COMMENT not in kinds


def hash_of(folder: Path, source: str, name: str = "module.py") -> str:
    folder.mkdir()
    (folder / name).write_text(source, encoding="utf-8")
    return code_hash(folder, folder.rglob("*.py"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("# a share", "# a share, as in the paper's (3)"),
        ("  # a share", ""),
        ("    # a reason\n", ""),
        ("    # a reason\n", "    # it's a \"reason\n\n\n"),
        ("Twice x.", "The double of x."),
        ("    On several lines.\n", "    On several lines: 'x' and #.\n"),
        ("What a module is.", "A module"),
        ('"""What the constant is."""\n', ""),
        ("Nothing else.", "Nothing."),
        ("import math\n", "import math   \n\n"),
    ],
)
def test_comments_docstrings_and_blank_lines_have_no_part_in_it(tmp_path, old, new):
    assert SOURCE.count(old) == 1
    before = hash_of(tmp_path / "before", SOURCE)
    assert hash_of(tmp_path / "after", SOURCE.replace(old, new)) == before


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("0.05", "0.06"),
        ("2 * x", "2 + x"),
        ("# no comment", "# a comment"),
        ("# a line of the template", "# another line of the template"),
        ("template\n\nx", "template\nx"),
        ('"an argument"', '"another"'),
        ("x = '#'", "y = '#'"),
        ("    return", "return"),
        ("import math", "# import math"),
    ],
)
def test_a_change_of_the_code_moves_it(tmp_path, old, new):
    assert SOURCE.count(old) == 1
    before = hash_of(tmp_path / "before", SOURCE)
    assert hash_of(tmp_path / "after", SOURCE.replace(old, new)) != before


def test_a_file_that_is_renamed_moves_it(tmp_path):
    before = hash_of(tmp_path / "before", SOURCE)
    assert hash_of(tmp_path / "after", SOURCE, "other.py") != before


def test_the_engines_version_is_the_hash_of_all_its_files():
    assert engine_version() == code_hash(PACKAGE, SOURCES)[:16]
