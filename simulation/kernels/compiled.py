"""How kernels are compiled: without the GIL, kept on disk, strict IEEE arithmetic."""

from numba import njit

compiled = njit(nogil=True, cache=True, error_model="numpy", boundscheck=False)
"""Decorator of every kernel. No fastmath: the bits do not depend on how loops are vectorised."""
