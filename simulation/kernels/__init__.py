"""Compiled inner loops: plain arrays and numbers, NumPy and Numba only (DESIGN.md section 4)."""
