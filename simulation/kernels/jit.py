"""How kernels are compiled: without the GIL, in strict IEEE arithmetic, once an installation.

Numba's own disk cache has two gaps that are closed here: it does not see a change in another file
that a kernel calls into, and it refuses to read a cache that it may not write to (an image with a
read-only root). Source: DESIGN.md section 4.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Literal

from numba import njit
from numba.core.caching import (
    CompileResultCacheImpl,
    FunctionCache,
    InTreeCacheLocator,
    UserProvidedCacheLocator,
    UserWideCacheLocator,
)

from simulation.version import code_hash


@cache
def source_stamp() -> str:
    """A hash of every kernel's code: change one line and all are compiled again."""
    folder = Path(__file__).parent
    return code_hash(folder, folder.glob("*.py"))


class _Provided(UserProvidedCacheLocator):
    def get_source_stamp(self) -> str:
        return source_stamp()


class _InTree(InTreeCacheLocator):
    def get_source_stamp(self) -> str:
        return source_stamp()


class _UserWide(UserWideCacheLocator):
    def get_source_stamp(self) -> str:
        return source_stamp()


def _unless_filled(locator: type[Any]) -> type[Any]:
    """The same place even where it cannot be written to, if it is there to be read."""

    class ReadOnly(locator):  # type: ignore[misc]
        def ensure_cache_path(self) -> None:
            if not any(Path(self.get_cache_path()).glob("*.nbi")):
                raise OSError("no kernels here")

    return ReadOnly


class _Implementation(CompileResultCacheImpl):
    # Where kernels are already, else the first place that can be written to.
    _locator_classes = [  # noqa: RUF012
        _unless_filled(_Provided), _Provided, _unless_filled(_InTree), _InTree, _UserWide,
    ]  # fmt: skip


class _KernelCache(FunctionCache):
    _impl_class = _Implementation

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keeps a compiled kernel; a place that cannot be written to is no fault."""
        try:
            super().save_overload(sig, data)  # type: ignore[no-untyped-call]
        except OSError:
            return


def jit(function: Callable[..., Any], inline: Literal["never", "always"] = "never") -> Any:
    """Decorator of every kernel.

    No fastmath: the bits do not depend on how a compiler orders or fuses operations.
    """
    kernel: Any = njit(nogil=True, error_model="numpy", boundscheck=False, inline=inline)(function)
    try:
        kernel._cache = _KernelCache(function)  # type: ignore[no-untyped-call]
    except RuntimeError:  # nowhere to keep it: compiled anew in each process
        return kernel
    return kernel


def jit_inline(function: Callable[..., Any]) -> Any:
    """Decorator of what a kernel calls at each block.

    A call counts a reference more and less to every array of every bundle it is handed, and
    threads wait for each other at these counts: written out in its caller, it counts none.
    """
    return jit(function, inline="always")


def load(kernel: Any) -> None:
    """Reads a kernel from disk now and not at its first call; nothing where it is not there yet."""
    kept = kernel._cache
    if not isinstance(kept, _KernelCache):
        return
    for key in kept._cache_file._load_index():  # type: ignore[no-untyped-call]
        signature = key[0]
        kernel.targetctx.refresh()
        if key == kept._index_key(signature, kernel.targetctx.codegen()):  # type: ignore[no-untyped-call]
            kernel.compile(signature)
