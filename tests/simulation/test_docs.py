"""Documentation checks: cited sections and files exist, public names have docstrings."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted(
    path
    for folder in ("app", "assets", "benchmarks", "simulation", "tests")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in (".py", ".js", ".mjs", ".css", ".md")
)
MODULES = sorted((ROOT / "simulation").rglob("*.py"))
CITED = re.compile(r"DESIGN\.md\s(?:\*?/?\s*)?sections?\s+((?:\d+(?:,\s|\sand\s|\sto\s)?)+)")
ARRAYS = re.compile(r"\b(?:Floats|Integers|Words|Mask|NDArray)\b")
SHAPE = re.compile(r"\((?:each )?(?:\.\.\.|…|[\w·]+)(?:, ?[\w·.]+)*,?\)|[Ss]hape|wide")


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def sections() -> set[int]:
    return {
        int(n) for n in re.findall(r"^## (\d+)\. ", read(ROOT / "docs/DESIGN.md"), re.MULTILINE)
    }


def test_every_section_that_is_cited_is_there():
    cited = {
        int(number): path
        for path in SOURCES
        for numbers in CITED.findall(read(path))
        for number in re.findall(r"\d+", numbers)
    }
    assert cited
    assert not {n: str(path) for n, path in cited.items() if n not in sections()}


def test_the_sections_are_counted_in_order():
    found = re.findall(r"^## (\d+)\. ", read(ROOT / "docs/DESIGN.md"), re.MULTILINE)
    assert [int(n) for n in found] == list(range(1, len(found) + 1))


@pytest.mark.parametrize("page", sorted(ROOT.glob("docs/**/*.md")) + sorted(ROOT.glob("*.md")))
def test_every_file_that_a_page_names_is_there(page):
    links = re.findall(r"\]\((?!https?:)([^)#]+)", read(page))
    named = re.findall(r"`((?:app|assets|benchmarks|docs|simulation|tests)/[\w./]+)`", read(page))
    assert not [link for link in links if not (page.parent / link).exists()]
    assert not [name for name in named if not (ROOT / name).exists()]


def public(tree: ast.Module) -> Iterator[tuple[str, ast.AST, str]]:
    """Name, definition and what its surroundings say, of each public function, class, method."""
    above = ast.get_docstring(tree) or ""
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef | ast.ClassDef) or node.name.startswith("_"):
            continue
        yield node.name, node, above
        if isinstance(node, ast.ClassDef):
            around = above + (ast.get_docstring(node) or "")
            for part in node.body:
                if isinstance(part, ast.FunctionDef) and not part.name.startswith("_"):
                    yield f"{node.name}.{part.name}", part, around


def named_errors(node: ast.AST) -> set[str]:
    """The exceptions that a function makes and raises itself."""
    made = [r.exc for r in ast.walk(node) if isinstance(r, ast.Raise)]
    calls = [e.func for e in made if isinstance(e, ast.Call)]
    return {f.id for f in calls if isinstance(f, ast.Name)}


EVERY_MODULE = pytest.mark.parametrize(
    "path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix()
)


@EVERY_MODULE
def test_every_public_name_says_what_it_is(path):
    missing = []
    for name, node, around in public(ast.parse(read(path))):
        text = ast.get_docstring(node) or ""
        if not text:
            missing.append(f"{name}: no docstring")
        if isinstance(node, ast.FunctionDef):
            raised = named_errors(node)
            missing += [f"{name}: raises {e} and does not say so" for e in raised if e not in text]
            back = ast.unparse(node.returns) if node.returns else ""
            if ARRAYS.search(back) and not SHAPE.search(text + around):
                missing.append(f"{name}: returns an array of no said shape")
    assert not missing
