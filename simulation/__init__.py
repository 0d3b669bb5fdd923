"""The engine: why stochastic momentum escapes saddle points faster. NumPy in, NumPy out."""

from simulation.contenders import Contender
from simulation.experiment import Experiment
from simulation.parameters import ParameterError
from simulation.run import simulate
from simulation.trajectories import Trajectories
from simulation.version import __version__

__all__ = ["Contender", "Experiment", "ParameterError", "Trajectories", "__version__", "simulate"]
