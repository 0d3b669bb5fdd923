"""What every landscape offers, and the small records it answers with (DESIGN.md section 3)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulation.kernels.records import Problem
from simulation.model.experiment import Experiment
from simulation.model.landscape_defaults import LANDSCAPE_DEFAULTS
from simulation.noise.additive import additive_offset, sample_gradients
from simulation.python_source import array

Floats = NDArray[np.float64]
Range = tuple[float, float]

BOUND = 1e9  # |w| past which a path has diverged
FLAT = "No eigenvalue is negative here, so there is no way out to grow along."


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """The plane in which a landscape is drawn; its ranges depend on no step size and no β.

    axes (2, d), orthonormal; where `fold` is true the second coordinate is the length of what the
    first axis leaves over.
    """

    axes: Floats
    labels: tuple[str, str]
    x_range: Range
    y_range: Range
    fold: bool = False

    def project(self, w: Floats) -> Floats:
        """View coordinates (..., 2) of w (..., d)."""
        flat: Floats = np.asarray(w) @ self.axes.T
        if self.fold:
            rest = np.asarray(w) - flat[..., :1] * self.axes[0]
            flat = np.stack([flat[..., 0], np.linalg.norm(rest, axis=-1)], axis=-1)
        return flat


@dataclass(frozen=True, slots=True, eq=False)
class Linearisation:
    """The quadratic model g = λz + c + ξ at the saddle, one eigen-direction at a time.

    eigenvalues (d,); basis (d, d) with the eigenvectors as columns, z = basisᵀw; noise_sd (d,),
    the standard deviation of ξ; tilt (d,), c; start (d,), z at t = 0; applies: '' or the one
    sentence why the theory of DESIGN.md section 5 does not hold.
    """

    eigenvalues: Floats
    basis: Floats
    noise_sd: Floats
    tilt: Floats
    start: Floats
    applies: str = ""


class Landscape(ABC):
    """A function of w with its saddle, minima and picture; all methods are pure."""

    name: str
    title: str
    latex: str
    about: str  # one sentence
    short: str  # its name in a menu
    bounded_below = True  # False: f falls for ever along the way out
    ignores: tuple[str, ...] = ("dimension",)  # fields of an experiment that change nothing here
    start_parts = 2  # how many of the start's two numbers say where it is

    # For scripts that run alone (`script/`), all without the constant part of ∇f; w is (..., d) and
    # `batch` names the samples drawn. z = Qᵀw is left out where the basis is not turned.
    numpy_gradient: str  # the source of gradient(w, batch)
    torch_loss: str  # the source of loss(w, batch), summed over the paths
    tensors: tuple[str, ...] = ()  # the constants that the loss needs as tensors

    @abstractmethod
    def dimension(self, experiment: Experiment) -> int:
        """The number of weights d."""

    @abstractmethod
    def value(self, experiment: Experiment, w: Floats) -> Floats:
        """f(w) (...,) at w (..., d)."""

    @abstractmethod
    def gradient(self, experiment: Experiment, w: Floats) -> Floats:
        """∇f(w) (..., d) at w (..., d)."""

    @abstractmethod
    def hessian(self, experiment: Experiment, w: Floats) -> Floats:
        """∇²f(w) (..., d, d) at w (..., d)."""

    @abstractmethod
    def saddle(self, experiment: Experiment) -> Floats:
        """The saddle (d,) from which the escape is measured."""

    @abstractmethod
    def minima(self, experiment: Experiment) -> Floats:
        """Minima (M, d); M = 0 where there is none."""

    @abstractmethod
    def escape_directions(self, experiment: Experiment) -> Floats:
        """Orthonormal rows (k, d): the eigenspace of the smallest eigenvalue at the saddle."""

    @abstractmethod
    def default_radius(self, experiment: Experiment) -> float:
        """The escape radius where none is given."""

    @abstractmethod
    def view(self, experiment: Experiment) -> View:
        """The plane and ranges of the picture."""

    @abstractmethod
    def linearisation(self, experiment: Experiment) -> Linearisation:
        """The quadratic model at the saddle."""

    @abstractmethod
    def problem(self, experiment: Experiment) -> Problem:
        """The kernel's form of the landscape, in eigen-coordinates."""

    def uses(self, experiment: Experiment, field: str) -> bool:
        """Whether another value of a field changes the problem here: else its control is dead."""
        if field == "eigenvalues":
            return not LANDSCAPE_DEFAULTS[self.name].get("eigenvalues_fixed", False)
        if field == "noise_sd" and experiment.noise == "none":
            return False
        if field in ("samples", "batch") and experiment.noise != "samples":
            return False
        return field not in self.ignores

    def escape_indices(self, experiment: Experiment) -> list[int]:
        """The entries of the noise's and the tilt's list that act along the way out."""
        values = experiment.eigenvalues
        return [j for j, lam in enumerate(values) if lam == min(values)]

    def constants(self, experiment: Experiment) -> list[str]:
        """Lines of a script that define what its gradient and loss use."""
        if not self.is_rotated(experiment):
            return []
        return [f"Q = {array(self.basis(experiment))}  # eigenvectors, as columns"]

    def is_rotated(self, experiment: Experiment) -> bool:
        """Whether the kernel's coordinates are others than w's."""
        return not np.array_equal(self.basis(experiment), np.eye(self.dimension(experiment)))

    def noise_sd(self, experiment: Experiment) -> Floats:
        """σ (d,) of each coordinate in which the kernel runs."""
        return np.array(experiment.noise_sd)

    def tilt(self, experiment: Experiment) -> Floats:
        """c (d,) of each coordinate in which the kernel runs."""
        return np.array(experiment.tilt)

    def sample_table(self, experiment: Experiment) -> Floats:
        """The samples' b_i (n, d), in the kernel's coordinates; zero if not additive."""
        return sample_gradients(experiment, self.noise_sd(experiment))

    def offset(self, experiment: Experiment) -> Floats:
        """The constant part of ∇f (d,), in the kernel's coordinates: c, or c + b̄."""
        return additive_offset(experiment, self.noise_sd(experiment), self.tilt(experiment))

    def basis(self, experiment: Experiment) -> Floats:
        """Columns (d, d) of the coordinates in which the kernel runs: w = basis · z."""
        return np.eye(self.dimension(experiment))

    def samples_a_step(self, experiment: Experiment) -> int:
        """How many samples one stochastic gradient takes."""
        return experiment.batch if experiment.noise == "samples" else 1

    def cost(self, experiment: Experiment, *, adaptive: bool) -> int:
        """What a step costs in each coordinate, in the unit of `budget.work`."""
        return 8 + self.drawing(experiment)

    def drawing(self, experiment: Experiment) -> int:
        """What drawing a step's batch costs in each coordinate, in the same unit."""
        return self.samples_a_step(experiment) // (2 * self.dimension(experiment))

    def noise_variance(self, experiment: Experiment, w: Floats, directions: Floats) -> Floats:
        """tr VΣVᵀ (...,) of one step's gradient noise at w (..., d); V = directions (k, d)."""
        model = self.linearisation(experiment)
        share = (directions @ model.basis) ** 2  # of each eigen-direction's variance
        return np.full(np.shape(w)[:-1], float((share * model.noise_sd**2).sum()))

    def unproject(self, experiment: Experiment, places: Floats) -> Floats:
        """Points w (..., d) of the view's plane through the saddle, from places (..., 2) in it."""
        axes = self.view(experiment).axes
        saddle = self.saddle(experiment)
        w: Floats = saddle - (axes @ saddle) @ axes + np.asarray(places) @ axes
        return w

    def height(self, experiment: Experiment, w: Floats) -> Floats:
        """The height (...,) drawn at w (..., d): f itself where nothing else is said."""
        return self.value(experiment, w)

    def region(self, experiment: Experiment, w: Floats, epsilon: float) -> NDArray[np.bool_]:
        """Where ‖∇f‖ ≤ ε and λ_min ≤ −ε (...,): the saddle region of the paper's Definition 1."""
        slope = np.linalg.norm(self.gradient(experiment, w), axis=-1)
        inside: NDArray[np.bool_] = slope <= epsilon
        if inside.any():
            smallest = np.linalg.eigvalsh(self.hessian(experiment, w[inside]))[..., 0]
            inside[inside] = smallest <= -epsilon
        return inside

    def start(self, experiment: Experiment) -> Floats:
        """w₀ (d,), from its view coordinates."""
        w: Floats = np.asarray(experiment.start) @ self.view(experiment).axes
        return w

    def escape_radius(self, experiment: Experiment) -> float:
        """R: the given radius, or the landscape's own."""
        if experiment.radius is not None:
            return experiment.radius
        return self.default_radius(experiment)


def rotation(d: int, degrees: float) -> Floats:
    """The orthogonal matrix (d, d) that turns the first plane by an angle in degrees."""
    q = np.eye(d)
    if degrees:
        angle = np.deg2rad(degrees)
        q[:2, :2] = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    return q
