"""Sweeps that the page runs in the background."""
