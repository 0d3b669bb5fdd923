"""Python sources of a formula: its gradient in NumPy, its loss in PyTorch, their constants."""

from simulation.formula.numpy_source import numpy_gradient
from simulation.formula.source_names import constants
from simulation.formula.torch_source import torch_loss

__all__ = ["constants", "numpy_gradient", "torch_loss"]
