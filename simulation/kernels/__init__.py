"""Compiled inner loops on plain arrays and numbers; they use NumPy and Numba only."""
