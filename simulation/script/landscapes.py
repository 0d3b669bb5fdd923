"""Each landscape's equation as source: ∇f for NumPy, f for PyTorch's autograd.

The text is the script's own: `w` has shape (..., d), `batch` names the samples drawn.
Source: DESIGN.md section 3.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from simulation.experiment import Experiment
from simulation.landscapes import Landscape
from simulation.noise import DATA_STREAM
from simulation.script.literals import array


@dataclass(frozen=True, slots=True)
class Source:
    """What a landscape needs in a script: its constants, `gradient(w, batch)`, `loss(w, batch)`."""

    constants: Callable[[Experiment, Landscape], list[str]]
    gradient: str
    loss: str


def turned(experiment: Experiment, landscape: Landscape) -> bool:
    """Whether eigenvectors lie off the axes, so that the script needs Q."""
    basis = landscape.basis(experiment)
    return not np.array_equal(basis, np.eye(len(basis)))


def _turn(experiment: Experiment, landscape: Landscape) -> list[str]:
    if not turned(experiment, landscape):
        return []
    return [f"Q = {array(landscape.basis(experiment))}  # eigenvectors, as columns"]


def _spectrum(experiment: Experiment, landscape: Landscape) -> list[str]:
    lines = [f"LAMBDA = {array(experiment.eigenvalues)}  # the Hessian's eigenvalues"]
    return lines + _turn(experiment, landscape)


def _network(experiment: Experiment, landscape: Landscape) -> list[str]:
    return [f"M = np.diag({array(experiment.eigenvalues)})", "K = len(M)"]


def _retrieval(experiment: Experiment, landscape: Landscape) -> list[str]:
    n, d = experiment.samples, experiment.dimension
    return [
        data(n + 2, d),
        "A = DATA[2:]  # the a_i",
        f"Y = (A @ (DATA[0] / np.sqrt({d}))) ** 2  # y_i = (a_iᵀw*)²",
    ]


def data(samples: int, width: int) -> str:
    """The fixed data (samples, width) of an experiment, from a stream of its own."""
    stream = f"np.random.SeedSequence(SEED, spawn_key=({DATA_STREAM},))"
    return f"DATA = np.random.default_rng({stream}).standard_normal(({samples}, {width}))"


_QUADRATIC = Source(
    _spectrum,
    '''def gradient(w, batch):
    """∇f of f(w) = ½ Σ λ_j z_j², z = Qᵀw."""
    z = w @ Q
    return (LAMBDA * z) @ Q.T
''',
    '''def loss(w, batch):
    """f(w) = ½ Σ λ_j z_j², z = Qᵀw, summed over the paths."""
    z = w @ EIGENVECTORS
    return (0.5 * LAMBDA * z**2).sum()
''',
)
_TOY = Source(
    _spectrum,
    '''def gradient(w, batch):
    """∇f of f(w) = Σ ½λ_j z_j² + z_j¹⁰, z = Qᵀw: the paper's (3)."""
    z = w @ Q
    return (LAMBDA * z + 10.0 * z**9) @ Q.T
''',
    '''def loss(w, batch):
    """f(w) = Σ ½λ_j z_j² + z_j¹⁰, z = Qᵀw, the paper's (3), summed over the paths."""
    z = w @ EIGENVECTORS
    return (0.5 * LAMBDA * z**2 + z**10).sum()
''',
)
_NETWORK = Source(
    _network,
    '''def gradient(w, batch):
    """∇f of f(U, V) = ½‖UVᵀ − M‖²; w holds U, then V, by rows."""
    u, v = np.moveaxis(w.reshape(*w.shape[:-1], 2, K, K), -3, 0)
    error = u @ v.swapaxes(-1, -2) - M
    both = np.stack([error @ v, error.swapaxes(-1, -2) @ u], axis=-3)
    return both.reshape(w.shape)
''',
    '''def loss(w, batch):
    """f(U, V) = ½‖UVᵀ − M‖², summed over the paths; w holds U, then V, by rows."""
    u, v = w.reshape(-1, 2, K, K).unbind(1)
    return 0.5 * ((u @ v.mT - M) ** 2).sum()
''',
)
_MONKEY = Source(
    _turn,
    '''def gradient(w, batch):
    """∇f of f(x, y) = x³ − 3xy² + ¾(x² + y²)², z = Qᵀw."""
    z = w @ Q
    x, y = z[..., 0], z[..., 1]
    ring = 3.0 * (x * x + y * y)
    return np.stack([3.0 * (x * x - y * y) + ring * x, -6.0 * x * y + ring * y], axis=-1) @ Q.T
''',
    '''def loss(w, batch):
    """f(x, y) = x³ − 3xy² + ¾(x² + y²)², z = Qᵀw, summed over the paths."""
    z = w @ EIGENVECTORS
    x, y = z[..., 0], z[..., 1]
    return (x**3 - 3.0 * x * y**2 + 0.75 * (x**2 + y**2) ** 2).sum()
''',
)
_RETRIEVAL = Source(
    _retrieval,
    '''def gradient(w, batch):
    """∇f of the mean over the batch of ((aᵀw)² − y)²: the paper's (4)."""
    a, y = A[batch], Y[batch]  # (paths, batch, d), (paths, batch)
    along = (a @ w[..., None])[..., 0]
    return 4.0 * (((along**2 - y) * along)[..., None] * a).mean(axis=-2)
''',
    '''def loss(w, batch):
    """The mean over the batch of ((aᵀw)² − y)², the paper's (4), summed over the paths."""
    a, y = A[batch], Y[batch]  # (paths, batch, d), (paths, batch)
    along = (a @ w[..., None])[..., 0]
    return ((along**2 - y) ** 2).mean(axis=-1).sum()
''',
)

SOURCES: Mapping[str, Source] = MappingProxyType({
    "quadratic": _QUADRATIC,
    "toy": _TOY,
    "linear-net": _NETWORK,
    "monkey": _MONKEY,
    "phase-retrieval": _RETRIEVAL,
})  # fmt: skip
"""Landscape name → its source."""
