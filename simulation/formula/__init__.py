"""Formulas: text → syntax tree → graph with its gradient → arrays, LaTeX and sources.

No text is evaluated as Python, and all limits are counts: whether a formula is accepted never
depends on the machine or its load.
"""
