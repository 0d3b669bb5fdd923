"""Compilation of kernels: without the GIL, in strict IEEE arithmetic, cached on disk.

Extends Numba's disk cache in two ways: a kernel is recompiled when another file that it calls
changes, and a cache in a read-only folder can be used.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

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
    """Return a hash of the code of all kernels; any change recompiles all of them."""
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
    """Return a locator that also accepts a read-only folder, if it already holds kernels."""

    class ReadOnly(locator):  # type: ignore[misc]
        def ensure_cache_path(self) -> None:
            if not any(Path(self.get_cache_path()).glob("*.nbi")):
                raise OSError("no kernels here")

    return ReadOnly


class _Implementation(CompileResultCacheImpl):
    # A folder that already holds kernels, else the first writable one.
    _locator_classes = [  # noqa: RUF012
        _unless_filled(_Provided), _Provided, _unless_filled(_InTree), _InTree, _UserWide,
    ]  # fmt: skip


class _KernelCache(FunctionCache):
    _impl_class = _Implementation

    def save_overload(self, sig: Any, data: Any) -> None:
        """Save a compiled kernel; ignore a folder that is not writable."""
        try:
            super().save_overload(sig, data)  # type: ignore[no-untyped-call]
        except OSError:
            return


def jit(function: Callable[..., Any]) -> Any:
    """Compile and cache a kernel (decorator).

    Without fastmath, so that the bits do not depend on how a compiler orders or fuses operations.
    """
    return _compile(function)


def jit_borrow(function: Callable[..., Any]) -> Any:
    """Compile a kernel that does not count references to arrays, for each block (decorator).

    The caller owns the arrays: the function must neither allocate nor return one. A counted call
    increments and decrements a counter for each array in its arguments, those in tuples too; that
    takes longer than a step, and threads contend for the counters.
    """
    return _compile(function, _nrt=False)


def jit_step(function: Callable[..., Any]) -> Any:
    """Compile as `jit_borrow`, and inline every call, for each step (decorator)."""
    return _compile(function, _nrt=False, forceinline=True)


def _compile(function: Callable[..., Any], **options: Any) -> Any:
    kernel: Any = njit(nogil=True, error_model="numpy", boundscheck=False, **options)(function)
    try:
        kernel._cache = _KernelCache(function)  # type: ignore[no-untyped-call]
    except RuntimeError:  # no cache folder: compiled in each process
        return kernel
    return kernel


def load(kernel: Any) -> None:
    """Load a kernel from the disk cache now rather than at its first call, if it is cached."""
    kept = kernel._cache
    if not isinstance(kept, _KernelCache):
        return
    for key in kept._cache_file._load_index():  # type: ignore[no-untyped-call]
        signature = key[0]
        kernel.targetctx.refresh()
        if key == kept._index_key(signature, kernel.targetctx.codegen()):  # type: ignore[no-untyped-call]
            kernel.compile(signature)
