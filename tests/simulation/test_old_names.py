"""Names that were replaced by standard terms stay replaced: no module or definition has them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# Package → names that no module at or below it has. The words are good elsewhere: `moments` of a
# distribution in simulation/, the tab `choose` in app/.
MODULES = {
    "app": "answers bodies claims commands drawing engine fair flights hand logs missing pages "
    "parts probe race reading ready sweep_files takeaway unused words",
    "app.figures": "arrays ended escaping frame ground labels moments names property_faces series "
    "text",
    "simulation": "alignment choose cluster escapes growth law_map literals phase_chart phase_map "
    "stationary store surface sweepable warm",
    "simulation.kernels": "compiled curvature normal smooth update",
}
SCRIPTS = "address choose draw gate hand landscape lessons move names rest write"

# Module or package → names that nothing in it defines: function, class, method, field, attribute.
DEFINITIONS = {
    "app": "FairWorker NOISE_NAMES PANELS",
    "app.callbacks": "BUTTONS",
    "app.http.live": "at_rest in_hand opened shown",
    "app.http.response_cache": "Answers KEPT for_now whole wish",
    "app.render": "text texts together",
    "app.render.page": "Picture affordable awaited bare draw ground lighter look looks",
    "app.server.balanced_worker": "Board expect say",
    "app.state.inactive_controls": "REASONS marks",
    "app.state.page_state": "drawn look moment",
    "app.state.view": "frame",
    "app.storage.circuit_breaker": "_closed_until",
    "app.storage.compute": "ask kept",
    "app.storage.singleflight": "Flights once",
    "app.sweep_jobs.leases": "Claims claim forget want wanted",
    "simulation": "absolute_correlation persistence recommend repair_sweep upper_tail",
    "simulation.kernels.paths": "begin march next_look passed quiet rest stretch wide",
    "simulation.landscapes": "General confined lift outs picture turned why_not",
    "simulation.landscapes.critical_points": "bend falling followed push slope still",
    "simulation.model.coefficients": "groups lanes",
    "simulation.rules": "groups lanes",
    "simulation.runs.simulate": "_each _turned",
    "simulation.theory.escape_line": "BENDS BENT reach",
    "simulation.theory.one_step": "own rings spread",
}


def modules() -> dict[str, Path]:
    """Dotted name → file; a package is its `__init__`."""
    found = {}
    for package in ("app", "simulation"):
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts).removesuffix(".__init__")] = path
    return found


FILES = modules()


def below(place: str) -> list[str]:
    return [name for name in FILES if name == place or name.startswith(f"{place}.")]


def bound(target: ast.expr) -> Iterator[str]:
    """Names and attributes that an assignment's target binds."""
    for node in ast.walk(target):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr


def defined(body: list[ast.stmt], local: bool = False) -> Iterator[str]:
    """Functions, classes, methods, constants, fields and attributes; no function's own names."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            if not local:
                yield node.name
            yield from defined(node.body, local=True)
        elif isinstance(node, ast.ClassDef):
            yield node.name
            yield from defined(node.body)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if not local or isinstance(target, ast.Attribute):
                    yield from bound(target)
        else:
            yield from defined(list(blocks(node)), local)


def blocks(node: ast.AST) -> Iterator[ast.stmt]:
    """The statements within an if, with, for, try or match."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt):
            yield child
        elif isinstance(child, ast.ExceptHandler | ast.match_case):
            yield from blocks(child)


@pytest.mark.parametrize("package", MODULES)
def test_no_module_has_an_old_name(package: str) -> None:
    assert below(package)
    stems = {name: name.rsplit(".", 1)[-1] for name in below(package) if name != package}
    assert not [name for name, stem in stems.items() if stem in MODULES[package].split()]


def test_no_script_has_an_old_name() -> None:
    scripts = {path.stem for path in (ROOT / "assets").rglob("*.*js")}
    assert "controls" in scripts
    assert not scripts & set(SCRIPTS.split())


@pytest.mark.parametrize("place", DEFINITIONS)
def test_nothing_is_defined_under_an_old_name(place: str) -> None:
    assert below(place)
    found = {
        f"{module}.{name}"
        for module in below(place)
        for name in defined(ast.parse(FILES[module].read_text(encoding="utf-8")).body)
        if name in DEFINITIONS[place].split()
    }
    assert not found
