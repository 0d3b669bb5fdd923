"""Simulation engine: escape of saddle points by stochastic momentum, on NumPy arrays."""

from simulation.model.contenders import Contender
from simulation.model.experiment import Experiment
from simulation.model.parameters import ParameterError
from simulation.runs.simulate import simulate
from simulation.runs.trajectories import Trajectories
from simulation.version import __version__

__all__ = ["Contender", "Experiment", "ParameterError", "Trajectories", "__version__", "simulate"]
