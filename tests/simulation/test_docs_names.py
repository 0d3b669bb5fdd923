"""Every path, name, layer and anchor that the pages about the code mention is there."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = ("docs/architecture.md", "docs/extending.md")
ALL_PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for pattern in ("*.md", "docs/**/*.md", "benchmarks/*.md")
    for path in ROOT.glob(pattern)
    if path.name != "CHANGELOG.md"  # names what there was
)
MODULES = [
    path
    for folder in ("app", "assets", "simulation")
    for path in sorted((ROOT / folder).rglob("*"))
    if path.suffix in (".py", ".mjs")
]
SPAN = re.compile(r"`([^`\n]+)`")
ROOM = re.compile(r"[\w.]+(?:/[\w.-]+)*/|[\w./-]+\.(?:py|mjs|js|md|css|toml|yaml)")
DOTTED = re.compile(r"([A-Za-z_]\w*)\.([A-Za-z_]\w*)(?:\(\))?")
CLASS = re.compile(r"[A-Z][a-z]\w*")
JS_NAME = re.compile(r"^(?:export )?(?:async )?(?:function|const|let|class) (\w+)", re.MULTILINE)


def read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def spans(page: str) -> list[str]:
    """What stands in backticks, outside of blocks of code."""
    return SPAN.findall(re.sub(r"^ *```.*?^ *```", "", read(page), flags=re.DOTALL | re.MULTILINE))


def bound(body: list[ast.stmt]) -> Iterator[str]:
    """Names that statements define."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id
        elif isinstance(node, ast.Assign):
            yield from (name.id for name in node.targets if isinstance(name, ast.Name))


def definitions(path: Path) -> Iterator[str]:
    """`module`, `module.name`, `Class` and `Class.name` of a file."""
    text = path.read_text(encoding="utf-8")
    yield path.stem
    if path.suffix == ".mjs":
        names = JS_NAME.findall(text)
        yield from (f"{path.stem}.{name}" for name in names)
        for name in (name for name in names if CLASS.fullmatch(name)):
            yield name
            yield from (f"{name}.{m}" for m in re.findall(r"^  (?:get )?(\w+)\(", text, re.M))
        return
    tree = ast.parse(text)
    yield from (f"{path.stem}.{name}" for name in bound(tree.body))
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            yield node.name
            yield from (f"{node.name}.{name}" for name in bound(node.body))


KNOWN = {name for path in MODULES for name in definitions(path)}
KNOWN |= {f"self.{name.split('.')[1]}" for name in KNOWN if name[0].isupper() and "." in name}


def slug(heading: str) -> str:
    """A heading's anchor, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")


@pytest.mark.parametrize("page", ALL_PAGES)
def test_every_path_is_there(page: str) -> None:
    named = [span for span in spans(page) if ROOM.fullmatch(span)]
    assert page not in PAGES or len(named) > 10
    assert not [name for name in named if not (ROOT / name).exists()]


@pytest.mark.parametrize("page", ALL_PAGES)
def test_every_anchor_is_a_heading(page: str) -> None:
    for target, anchor in re.findall(r"\]\((?!https?:)([^)#]*)#([^)]+)\)", read(page)):
        path = (ROOT / page).parent / target if target else ROOT / page
        headings = re.findall(r"^#+ (.*)", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert anchor in map(slug, headings), f"{target}#{anchor}"


@pytest.mark.parametrize("page", PAGES)
def test_every_dotted_name_and_class_is_defined(page: str) -> None:
    named = [s for s in spans(page) if not ROOM.fullmatch(s)]
    dotted = ["{}.{}".format(*m.groups()) for s in named if (m := DOTTED.fullmatch(s))]
    named = dotted + [s for s in named if CLASS.fullmatch(s)]
    assert named
    assert not [name for name in named if name not in KNOWN]


def test_the_architecture_names_the_layers_that_the_linter_holds() -> None:
    """The block under Layers has a column for each package, under its name."""
    contracts = tomllib.loads(read("pyproject.toml"))["tool"]["importlinter"]["contracts"]
    held = {c["containers"][0]: c["layers"] for c in contracts if c["type"] == "layers"}
    (block,) = re.findall(r"```\n(app .*?)```", read("docs/architecture.md"), re.DOTALL)
    head, *lines = block.splitlines()
    second = head.index("simulation")
    said = {"app": [line[:second].strip() for line in lines],
            "simulation": [line[second:].strip() for line in lines]}  # fmt: skip
    for package, layers in said.items():
        assert [layer for layer in layers if layer] == held[package]


def test_the_architecture_is_two_screens() -> None:
    lines = read("docs/architecture.md").splitlines()
    assert len(lines) <= 80
    assert max(map(len, lines)) <= 100


def test_the_hooks_are_local_and_run_what_make_lint_runs() -> None:
    hooks = read(".ci/pre-commit.yaml")
    assert re.findall(r"repo: (\S+)", hooks) == ["local"]
    (lint,) = re.findall(r"^lint:.*\n((?:\t.*\n)+)", read("Makefile"), re.MULTILINE)
    tools = set(re.findall(r"\.venv/bin/([\w-]+)", hooks)) - {"python"}
    assert tools == set(re.findall(r"\$\(BIN\)/([\w-]+)", lint))


def test_the_example_of_the_readme_runs(capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", read("README.md"), re.DOTALL)
    exec(code, {})
    times, *_ = re.findall(r"\d+\.?\d*", capsys.readouterr().out)
    assert float(times) > 0
