"""Quantities measured along a run."""
