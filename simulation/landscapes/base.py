"""Base class of landscapes, and the records that its methods return."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulation.kernels.records import Problem, TapeArrays
from simulation.landscapes.critical_points import finite
from simulation.model.experiment import Experiment
from simulation.model.landscape_defaults import LANDSCAPE_DEFAULTS
from simulation.noise import NOISES
from simulation.noise.samples import sample_gradients
from simulation.python_source import array

Floats = NDArray[np.float64]
Range = tuple[float, float]

FORMULA_FIELDS = ("formula", "parameters", "near")
BOUND = 1e9  # a path with |w| above it has diverged
NO_SADDLE = (
    "The tilt, a constant force, is larger than the slope around the saddle can balance: there is "
    "no stationary point to escape from."
)
NOWHERE = "No saddle of the function was found: there is nothing to escape from."
FLAT = "No eigenvalue is negative at the saddle, so there is no escape direction."


@dataclass(frozen=True, slots=True, eq=False)
class EscapeSpace:
    """The escape directions, orthonormal rows (k, d), through the saddle (d,)."""

    directions: Floats
    saddle: Floats

    def distance(self, w: Floats) -> Floats:
        """Return ‖V(w − w*)‖ (...,), the escape distance of w (..., d)."""
        away: Floats = np.linalg.norm((w - self.saddle) @ self.directions.T, axis=-1)
        return away


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """The plane in which a landscape is drawn; its ranges do not depend on step size or β.

    axes (2, d), orthonormal. If `fold` is true the second coordinate is the norm of the component
    orthogonal to the first axis; with an `escape`, coordinate number `folded` is the escape
    distance.
    """

    axes: Floats
    labels: tuple[str, str]
    x_range: Range
    y_range: Range
    fold: bool = False
    escape: EscapeSpace | None = None
    folded: int = 1

    @property
    def is_plane(self) -> bool:
        """Return whether both coordinates are linear in w, so that directions can be drawn."""
        return not self.fold and self.escape is None

    def project(self, w: Floats) -> Floats:
        """Return the view coordinates (..., 2) of w (..., d)."""
        flat: Floats = np.asarray(w) @ self.axes.T
        if self.fold:
            rest = np.asarray(w) - flat[..., :1] * self.axes[0]
            flat = np.stack([flat[..., 0], np.linalg.norm(rest, axis=-1)], axis=-1)
        if self.escape is not None:
            flat[..., self.folded] = self.escape.distance(np.asarray(w))
        return flat


@dataclass(frozen=True, slots=True, eq=False)
class Linearisation:
    """The quadratic model g = λz + c + ξ at the saddle, per eigen-direction.

    eigenvalues (d,); basis (d, d) with the eigenvectors as columns, z = basisᵀw; noise_sd (d,), the
    standard deviation of ξ; tilt (d,), c; start (d,), z at t = 0; applies: '' or a sentence saying
    why the theory does not hold.
    """

    eigenvalues: Floats
    basis: Floats
    noise_sd: Floats
    tilt: Floats
    start: Floats
    applies: str = ""


class Landscape(ABC):
    """A function of w with its saddle, minima and view; all methods are pure."""

    name: str
    title: str
    about: str  # one sentence
    short: str  # menu label
    has_valley = False  # True: the minima form a continuum, along which nothing holds a path
    ignores: tuple[str, ...] = ("dimension",)  # fields without effect on this landscape
    in_eigen_coordinates = True  # whether its script sources are written with z = Qᵀw
    own_fields: tuple[str, ...] = ()  # those of FORMULA_FIELDS that have an effect here
    start_parts = 2  # how many of the start's two numbers are used

    # For stand-alone scripts (`scripts/`), without the constant part of ∇f; w is (..., d) and
    # `batch` has the indices of the samples drawn. z = Qᵀw is omitted if the basis is not rotated.
    numpy_gradient: str  # source of gradient(w, batch)
    torch_loss: str  # source of loss(w, batch), summed over the paths
    tensors: tuple[str, ...] = ()  # constants that the loss needs as tensors

    @abstractmethod
    def dimension(self, experiment: Experiment) -> int:
        """Return the number of weights d."""

    @abstractmethod
    def value(self, experiment: Experiment, w: Floats) -> Floats:
        """Return f(w) (...,) at w (..., d)."""

    @abstractmethod
    def gradient(self, experiment: Experiment, w: Floats) -> Floats:
        """Return ∇f(w) (..., d) at w (..., d)."""

    @abstractmethod
    def hessian(self, experiment: Experiment, w: Floats) -> Floats:
        """Return ∇²f(w) (..., d, d) at w (..., d)."""

    @abstractmethod
    def saddle(self, experiment: Experiment) -> Floats:
        """Return the saddle (d,) from which the escape is measured."""

    @abstractmethod
    def minima(self, experiment: Experiment) -> Floats:
        """Return the minima (M, d); M = 0 if there is none."""

    @abstractmethod
    def escape_directions(self, experiment: Experiment) -> Floats:
        """Return orthonormal rows (k, d): eigenspace of the smallest eigenvalue at the saddle."""

    @abstractmethod
    def default_radius(self, experiment: Experiment) -> float:
        """Return the default escape radius."""

    @abstractmethod
    def view(self, experiment: Experiment) -> View:
        """Return the plane and ranges in which the landscape is drawn."""

    @abstractmethod
    def linearisation(self, experiment: Experiment) -> Linearisation:
        """Return the quadratic model at the saddle."""

    @abstractmethod
    def problem(self, experiment: Experiment) -> Problem:
        """Return the kernel's form of the landscape, in eigen-coordinates."""

    def uses(self, experiment: Experiment, field: str) -> bool:
        """Return whether a field has any effect here; if not, its control is disabled."""
        if field == "eigenvalues":
            return not LANDSCAPE_DEFAULTS[self.name].get("eigenvalues_fixed", False)
        if field in FORMULA_FIELDS:
            return field in self.own_fields
        return field not in (*self.ignores, *NOISES[experiment.noise].ignores)

    def is_partial(self, experiment: Experiment) -> bool:
        """Return whether f may have no value at some w."""
        return False

    def saddles(self, experiment: Experiment) -> Floats:
        """Return the saddles to mark on the map (S, d), that of the race first."""
        return self.saddle(experiment)[None]

    def is_valley(self, experiment: Experiment) -> bool:
        """Return whether the minima form a continuum, along which nothing holds a path."""
        return self.has_valley

    @abstractmethod
    def untilted_latex(self, experiment: Experiment) -> str:
        """Return f without the linear term in LaTeX, in z = Qᵀw if the basis is rotated."""

    def latex(self, experiment: Experiment) -> str:
        """Return the right-hand side of f(w) = … in LaTeX, in the symbols that the controls have.

        The linear term is ⟨c, w⟩, or with samples ⟨c + b̄, w⟩. The symbols do not change with the
        numbers that the controls set.
        """
        tilt = self.tilt(experiment)
        letter = "z" if self.is_rotated(experiment) else "w"
        pushed = bool(tilt.any()), not np.array_equal(self.offset(experiment), tilt)
        push = {(True, False): "c", (False, True): r"\bar{b}", (True, True): r"c + \bar{b}"}
        linear = rf" + \langle {push[pushed]}, {letter} \rangle" if any(pushed) else ""
        return self.untilted_latex(experiment) + linear

    def latex_definitions(self, experiment: Experiment) -> tuple[str, ...]:
        """Return the equations in LaTeX that define symbols of `latex`; Q_θ is the rotation."""
        return (r"z = Q_\theta^\top w",) if self.is_rotated(experiment) else ()

    def gradient_source(self, experiment: Experiment) -> str:
        """Return the NumPy source of gradient(w, batch), for a script."""
        return self.numpy_gradient

    def loss_source(self, experiment: Experiment) -> str:
        """Return the PyTorch source of loss(w, batch), for a script."""
        return self.torch_loss

    def falling(self, experiment: Experiment) -> Floats:
        """Return 1 for each kernel coordinate (d,) along which f → −∞, else 0."""
        return np.zeros(self.dimension(experiment))

    def escape_indices(self, experiment: Experiment) -> list[int]:
        """Return the indices of noise_sd and tilt that act along the escape direction."""
        values = experiment.eigenvalues
        return [j for j, lam in enumerate(values) if lam == min(values)]

    def constants(self, experiment: Experiment) -> list[str]:
        """Return script lines that define the constants of the gradient and loss."""
        if not self.is_rotated(experiment):
            return []
        return [f"Q = {array(self.basis(experiment))}  # eigenvectors, as columns"]

    def is_rotated(self, experiment: Experiment) -> bool:
        """Return whether the kernel's coordinates differ from w's."""
        return not np.array_equal(self.basis(experiment), np.eye(self.dimension(experiment)))

    def noise_sd(self, experiment: Experiment) -> Floats:
        """Return σ (d,) per kernel coordinate."""
        return np.array(experiment.noise_sd)

    def tilt(self, experiment: Experiment) -> Floats:
        """Return c (d,) per kernel coordinate."""
        return np.array(experiment.tilt)

    def sample_table(self, experiment: Experiment) -> Floats:
        """Return the samples' b_i (n, d) in kernel coordinates; 0 if the noise is not additive."""
        return sample_gradients(experiment, self.noise_sd(experiment))

    def offset(self, experiment: Experiment) -> Floats:
        """Return the constant part of ∇f (d,) in kernel coordinates: c, or c + b̄."""
        sd, tilt = self.noise_sd(experiment), self.tilt(experiment)
        return NOISES[experiment.noise].offset(experiment, sd, tilt)

    def basis(self, experiment: Experiment) -> Floats:
        """Return the basis (d, d) of the kernel's coordinates, as columns: w = basis · z."""
        return np.eye(self.dimension(experiment))

    def tape(self, experiment: Experiment) -> TapeArrays:
        """Return ∇f as a tape in the kernel's form; empty unless `code` is FORMULA."""
        return TapeArrays(np.empty((0, 5), np.int64), np.empty(0, np.int64), np.empty(0))

    def samples_a_step(self, experiment: Experiment) -> int:
        """Return the number of samples per stochastic gradient."""
        return experiment.batch if NOISES[experiment.noise].draws_samples else 1

    def cost(self, experiment: Experiment, *, linear: bool) -> int:
        """Return the cost of a step per coordinate, in the unit of `budget.work`."""
        return 8 + self.drawing(experiment)

    def drawing(self, experiment: Experiment) -> int:
        """Return the cost of drawing a step's batch per coordinate, in the same unit."""
        return self.samples_a_step(experiment) // (2 * self.dimension(experiment))

    def noise_variance(self, experiment: Experiment, w: Floats, directions: Floats) -> Floats:
        """Return tr VΣVᵀ (...,) of a step's gradient noise at w (..., d); V = directions (k, d).

        Here for rows of V that are eigenvectors at the saddle.
        """
        model = self.linearisation(experiment)
        share = (directions @ model.basis) ** 2  # weight of each eigen-direction's variance
        return np.full(np.shape(w)[:-1], float((share * model.noise_sd**2).sum()))

    def unproject(self, experiment: Experiment, places: Floats) -> Floats:
        """Return w (..., d) in the plane through the saddle from view coordinates (..., 2)."""
        view, saddle = self.view(experiment), self.saddle(experiment)
        origin = view.axes @ saddle
        if view.escape is not None:
            origin[view.folded] = 0.0  # a distance counts from the saddle
        w: Floats = saddle + (np.asarray(places) - origin) @ view.axes
        return w

    def height(self, experiment: Experiment, w: Floats) -> Floats:
        """Return the height (...,) drawn at w (..., d): by default f."""
        return self.value(experiment, w)

    def region(self, experiment: Experiment, w: Floats, epsilon: float) -> NDArray[np.bool_]:
        """Return where ‖∇f‖ ≤ ε and λ_min ≤ −ε (...,): the saddle region, paper's Definition 1."""
        slope = np.linalg.norm(self.gradient(experiment, w), axis=-1)
        inside: NDArray[np.bool_] = slope <= epsilon
        if inside.any():
            smallest = np.linalg.eigvalsh(finite(self.hessian(experiment, w[inside])))[..., 0]
            inside[inside] = smallest <= -epsilon
        return inside

    def start(self, experiment: Experiment) -> Floats:
        """Return w₀ (d,), from its view coordinates."""
        w: Floats = np.asarray(experiment.start) @ self.view(experiment).axes
        return w

    def escape_radius(self, experiment: Experiment) -> float:
        """Return R: the experiment's radius, or the landscape's default."""
        if experiment.radius is not None:
            return experiment.radius
        return self.default_radius(experiment)


def rotation(d: int, degrees: float) -> Floats:
    """Return the orthogonal matrix (d, d) that rotates the first plane by an angle in degrees."""
    q = np.eye(d)
    if degrees:
        angle = np.deg2rad(degrees)
        q[:2, :2] = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    return q
