"""The tabs: one module each, found by itself. A module offers KEY, TITLE, ORDER and `layout`.

`layout(drawing)` returns the panel; LAZY, where it is built when it is first opened. A tab with
plots of its own offers `props(state, look)`, what its components show (id → props), and OUTPUTS,
the (id, prop) pairs among them.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType, ModuleType


def _found() -> Mapping[str, ModuleType]:
    names = [info.name for info in pkgutil.iter_modules(__path__)]
    modules = [import_module(f"{__name__}.{name}") for name in names]
    ordered = sorted((m for m in modules if hasattr(m, "KEY")), key=lambda module: module.ORDER)
    return MappingProxyType({module.KEY: module for module in ordered})


PAGES: Mapping[str, ModuleType] = _found()
"""Tab key → its module, in the order of the tabs."""

LAZY = frozenset(key for key, module in PAGES.items() if getattr(module, "LAZY", False))
"""Tabs that the browser builds when they are first opened: each plot costs it 15 to 80 ms."""
