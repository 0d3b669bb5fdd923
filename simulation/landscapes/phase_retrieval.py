"""`phase-retrieval`: the paper's (4), f(w) = (1/n)Σ((a_iᵀw)² − y_i)², y_i = (a_iᵀw*)².

w* ~ N(0, I/d), a_i ~ N(0, I); w₀ ~ N(0, s²I/d) is drawn once per seed, where s, the first start
coordinate, is the root mean square of ‖w₀‖ (the paper's N(0, I/(10000 d)) is s = 0.01). The view
has ⟨w, ŵ*⟩ and the norm of the orthogonal component as coordinates, and shows the expectation of f
over the a_i.
"""

from __future__ import annotations

import numpy as np

from simulation.kernels.records import PHASE
from simulation.landscapes.base import Floats, View
from simulation.landscapes.curved import CurvedLandscape
from simulation.model.experiment import Experiment
from simulation.noise import NOISES
from simulation.noise.streams import data_source, normal_data

ROWS = 2**22  # most products aᵀw in memory


class PhaseRetrieval(CurvedLandscape):
    """Recovery of a signal w*, up to its sign, from the squares of its projections."""

    name = "phase-retrieval"
    title = "Phase retrieval"
    about = "The paper's objective (4): find a signal from the squares of its projections."
    short = "Phase retrieval"
    code = PHASE
    ignores = ("rotation",)
    start_parts = 1  # the scale s of the random start
    tensors = (
        "A",
        "Y",
    )
    numpy_gradient = '''def gradient(w, batch):
    """∇f of the mean over the batch of ((aᵀw)² − y)²: the paper's (4)."""
    a, y = A[batch], Y[batch]  # (paths, batch, d), (paths, batch)
    along = (a @ w[..., None])[..., 0]
    return 4.0 * (((along**2 - y) * along)[..., None] * a).mean(axis=-2)
'''
    torch_loss = '''def loss(w, batch):
    """The mean over the batch of ((aᵀw)² − y)², the paper's (4), summed over the paths."""
    a, y = A[batch], Y[batch]  # (paths, batch, d), (paths, batch)
    along = (a @ w[..., None])[..., 0]
    return ((along**2 - y) ** 2).mean(axis=-1).sum()
'''

    def constants(self, experiment: Experiment) -> list[str]:
        """Return the script lines that draw the a_i and y_i from the data's stream."""
        n, d = experiment.samples, experiment.dimension
        return [
            data_source(n + 2, d),
            "A = DATA[2:]  # the a_i",
            f"Y = (A @ (DATA[0] / np.sqrt({d}))) ** 2  # y_i = (a_iᵀw*)²",
        ]

    def dimension(self, experiment: Experiment) -> int:
        """Return the experiment's `dimension`."""
        return experiment.dimension

    def uses(self, experiment: Experiment, field: str) -> bool:
        """As in the base class, except for `samples` and `noise_sd`.

        The samples define f whatever the noise, and where they are drawn they replace noise_sd.
        """
        if field == "samples":
            return True
        if field == "noise_sd" and NOISES[experiment.noise].draws_samples:
            return False
        return super().uses(experiment, field)

    def escape_indices(self, experiment: Experiment) -> list[int]:
        """Return all indices: lists are per weight, and the escape direction has all weights."""
        return list(range(len(experiment.noise_sd)))

    def samples_a_step(self, experiment: Experiment) -> int:
        """Return the batch size, or n if the full gradient is used."""
        drawn = NOISES[experiment.noise].draws_samples
        return experiment.batch if drawn else experiment.samples

    def cost(self, experiment: Experiment, *, linear: bool) -> int:
        """Return the cost per coordinate: one half per sample of the gradient."""
        return 4 + (self.samples_a_step(experiment) + 1) // 2

    def data(self, experiment: Experiment) -> tuple[Floats, Floats, Floats]:
        """Return w* (d,), w₀/s (d,) and the a_i (n, d)."""
        d = experiment.dimension
        drawn = normal_data(experiment.seed, experiment.samples + 2, d)
        return drawn[0] / np.sqrt(d), drawn[1] / np.sqrt(d), drawn[2:]

    def truth(self, experiment: Experiment) -> Floats:
        """Return w* (d,)."""
        return self.data(experiment)[0]

    def measurements(self, experiment: Experiment) -> tuple[Floats, Floats]:
        """Return the a_i (n, d) and y_i (n,)."""
        truth, _, a = self.data(experiment)
        return np.array(a), (a @ truth) ** 2  # a copy: kernels need writable arrays

    def progress(self, experiment: Experiment, w: Floats) -> Floats:
        """Return min(‖w − w*‖, ‖w + w*‖)/‖w*‖ (...,): the paper's Figure 2(b)."""
        truth = self.truth(experiment)
        apart = [np.linalg.norm(w - sign * truth, axis=-1) for sign in (1, -1)]
        nearest: Floats = np.minimum(*apart) / np.linalg.norm(truth)
        return nearest

    def sample_table(self, experiment: Experiment) -> Floats:
        """Return zeros (n, d): the samples' gradients are not constant."""
        return np.zeros((experiment.samples, experiment.dimension))

    def offset(self, experiment: Experiment) -> Floats:
        """Return c (d,)."""
        return self.tilt(experiment)

    def untilted_latex(self, experiment: Experiment) -> str:
        """Return the mean over the samples."""
        return r"\frac{1}{n} \sum_{i=1}^{n} \left((a_i^\top w)^2 - y_i\right)^2"

    def latex_definitions(self, experiment: Experiment) -> tuple[str, ...]:
        """Return what y_i is; w^⋆ is the signal."""
        return (r"y_i = (a_i^\top w^\star)^2",)

    def value(self, experiment: Experiment, w: Floats) -> Floats:
        """Return f(w) (...,)."""
        a, y = self.measurements(experiment)
        w = np.asarray(w)
        rows = w.reshape(-1, w.shape[-1])
        f = np.empty(len(rows))
        stride = max(1, ROWS // len(a))
        for first in range(0, len(rows), stride):
            part = rows[first : first + stride] @ a.T
            f[first : first + stride] = ((part * part - y) ** 2).mean(axis=1)
        return f.reshape(w.shape[:-1]) + w @ self.offset(experiment)

    def gradient(self, experiment: Experiment, w: Floats) -> Floats:
        """Return (4/n)Σ((aᵀw)² − y)(aᵀw)a (..., d)."""
        a, y = self.measurements(experiment)
        along = np.asarray(w) @ a.T
        g: Floats = 4 / len(a) * ((along**2 - y) * along) @ a
        return g + self.offset(experiment)

    def hessian(self, experiment: Experiment, w: Floats) -> Floats:
        """Return (4/n)Σ(3(aᵀw)² − y)aaᵀ (..., d, d)."""
        a, y = self.measurements(experiment)
        weights = 4 / len(a) * (3 * (np.asarray(w) @ a.T) ** 2 - y)
        outer = (a[:, :, None] * a[:, None, :]).reshape(len(a), -1)
        h: Floats = (weights @ outer).reshape(*weights.shape[:-1], *a.shape[1:], a.shape[1])
        return h

    def noise_variance(self, experiment: Experiment, w: Floats, directions: Floats) -> Floats:
        """Return tr VΣVᵀ (...,): variance of the samples' gradients over the batch; 0 at w = 0."""
        if not NOISES[experiment.noise].draws_samples:
            return super().noise_variance(experiment, w, directions)
        a, y = self.measurements(experiment)
        along = np.asarray(w) @ a.T
        slopes = 4 * (along**2 - y) * along  # ∇f_i = slope_i a_i
        total = np.zeros(along.shape[:-1])
        for out in directions @ a.T:
            total += (slopes * out).var(axis=-1)
        spread: Floats = total / experiment.batch
        return spread

    def minima(self, experiment: Experiment) -> Floats:
        """Return ±w* (2, d), or the minima continued from there under a tilt."""
        truth = self.truth(experiment)
        both = np.stack([truth, -truth])
        return self.minima_from(experiment, both) if self.offset(experiment).any() else both

    def spectrum_at(self, experiment: Experiment, w: Floats) -> tuple[Floats, Floats]:
        """Return eigenvalues (d,) and eigenvectors (d, d) at w, with signs so that ⟨v, w*⟩ ≥ 0."""
        values, vectors = super().spectrum_at(experiment, w)
        return values, vectors * np.where(self.truth(experiment) @ vectors < 0, -1.0, 1.0)

    def start(self, experiment: Experiment) -> Floats:
        """Return w₀ (d,): the random vector times s, the first start coordinate."""
        scale = (experiment.start or (0.0,))[0]
        return scale * self.data(experiment)[1]

    def default_radius(self, experiment: Experiment) -> float:
        """Return half the distance to the minimum."""
        return 0.5 * float(np.linalg.norm(self.truth(experiment)))

    def view(self, experiment: Experiment) -> View:
        """Return the view with coordinates ⟨w, ŵ*⟩ and the norm of the orthogonal component."""
        truth, drawn, _ = self.data(experiment)
        size = float(np.linalg.norm(truth))
        along = truth / size
        rest = drawn - (drawn @ along) * along
        axes = np.stack([along, rest / np.linalg.norm(rest)])
        labels = ("along the signal ŵ*", "length of the rest")
        return View(axes, labels, (-1.5 * size, 1.5 * size), (0.0, 3 * size), fold=True)

    def height(self, experiment: Experiment, w: Floats) -> Floats:
        """E(⟨a,w⟩² − ⟨a,w*⟩²)² = 3‖w‖⁴ + 3‖w*‖⁴ − 2‖w‖²‖w*‖² − 4⟨w,w*⟩² (...,)."""
        truth = self.truth(experiment)
        n, s = (np.asarray(w) ** 2).sum(axis=-1), float(truth @ truth)
        f: Floats = 3 * n**2 + 3 * s**2 - 2 * n * s - 4 * (np.asarray(w) @ truth) ** 2
        return f

    def theory_limitation(self, experiment: Experiment) -> str:
        """Return the reason if samples are drawn: their noise is not additive."""
        if NOISES[experiment.noise].draws_samples:
            return "The noise vanishes at w = 0, so the law for additive noise does not apply."
        return ""
