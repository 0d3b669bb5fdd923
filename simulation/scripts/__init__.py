"""Stand-alone scripts of an experiment: "copy as NumPy", "copy as PyTorch"."""

from simulation.scripts.assemble import LIBRARIES, script

__all__ = ["LIBRARIES", "script"]
