"""Registry of the tabs, discovered by package. A tab module has KEY, TITLE, ORDER and `layout`.

`layout(drawing)` returns the panel; LAZY tabs are mounted when first opened. A tab with contents of
its own has `props(state, theme_name)`, the props of its components (id → props), and OUTPUTS, their
(id, prop) pairs; with plots, PLOTS: graph id → name of its file. BESIDE: the panel stands beside
Explore's plots.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from types import MappingProxyType, ModuleType


def _found() -> Mapping[str, ModuleType]:
    here = [str(Path(__file__).parent)]
    names = [info.name for info in pkgutil.iter_modules(here) if info.ispkg]
    modules = [import_module(f"{__package__}.{name}.tab") for name in names]
    ordered = sorted((m for m in modules if hasattr(m, "KEY")), key=lambda module: module.ORDER)
    return MappingProxyType({module.KEY: module for module in ordered})


TAB_MODULES: Mapping[str, ModuleType] = _found()
"""Tab key → its module, in the order of the tabs."""

LAZY = frozenset(key for key, module in TAB_MODULES.items() if getattr(module, "LAZY", False))
"""Tabs that the browser mounts when first opened; each plot takes 15 to 80 ms."""

PLOTS: Mapping[str, str] = MappingProxyType(
    {
        graph: name
        for module in TAB_MODULES.values()
        for graph, name in getattr(module, "PLOTS", {}).items()
    }
)
"""Graph id → name of its file, for every plot, in the order of the tabs."""
