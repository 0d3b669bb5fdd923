"""An experiment as a script that runs alone: "copy as NumPy", "copy as PyTorch"."""

from simulation.scripts.assemble import LIBRARIES, script

__all__ = ["LIBRARIES", "script"]
