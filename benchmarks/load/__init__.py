"""A class at once: `python -m benchmarks.load`."""
