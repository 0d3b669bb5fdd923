"""`linear-net`: the smallest neural network, f(U, V) = ½‖UVᵀ − M‖²_F with M = diag(s).

Its loss decreases in steps, saddle to saddle, one singular value of M after another. A single value
gives the scalar network ½(uv − s)².
"""

from __future__ import annotations

from itertools import product

import numpy as np

from simulation.kernels.records import NETWORK
from simulation.landscapes.base import Floats, View
from simulation.landscapes.curved import CurvedLandscape
from simulation.model.experiment import Experiment
from simulation.python_source import array


class LinearNet(CurvedLandscape):
    """Two-layer linear network; w holds U, then V, each (k, k) row by row: d = 2k²."""

    name = "linear-net"
    title = "Smallest neural network"
    about = "Two linear layers that learn a matrix: the loss falls in steps, saddle to saddle."
    short = "Linear network"
    code = NETWORK
    has_valley = True  # (UA)(VA⁻ᵀ)ᵀ = UVᵀ
    tensors = ("M",)
    ignores = ("dimension", "rotation")
    numpy_gradient = '''def gradient(w, batch):
    """∇f of f(U, V) = ½‖UVᵀ − M‖²; w holds U, then V, by rows."""
    u, v = np.moveaxis(w.reshape(*w.shape[:-1], 2, K, K), -3, 0)
    error = u @ v.swapaxes(-1, -2) - M
    both = np.stack([error @ v, error.swapaxes(-1, -2) @ u], axis=-3)
    return both.reshape(w.shape)
'''
    torch_loss = '''def loss(w, batch):
    """f(U, V) = ½‖UVᵀ − M‖², summed over the paths; w holds U, then V, by rows."""
    u, v = w.reshape(-1, 2, K, K).unbind(1)
    return 0.5 * ((u @ v.mT - M) ** 2).sum()
'''

    def constants(self, experiment: Experiment) -> list[str]:
        """Return the script lines that define M and its size K."""
        return [f"M = np.diag({array(experiment.eigenvalues)})", "K = len(M)"]

    def width(self, experiment: Experiment) -> int:
        """Return k, the size of M."""
        return len(experiment.eigenvalues)

    def dimension(self, experiment: Experiment) -> int:
        """Return 2k²."""
        return 2 * self.width(experiment) ** 2

    def noise_sd(self, experiment: Experiment) -> Floats:
        """Return σ (d,): one number per row of U and of V."""
        return self.by_rows(experiment, experiment.noise_sd)

    def tilt(self, experiment: Experiment) -> Floats:
        """Return c (d,): one number per row of U and of V."""
        return self.by_rows(experiment, experiment.tilt)

    def escape_indices(self, experiment: Experiment) -> list[int]:
        """Return the rows of the largest singular value: the smallest eigenvalue is −max s."""
        values = experiment.eigenvalues
        return [j for j, s in enumerate(values) if s == max(values)]

    def by_rows(self, experiment: Experiment, values: tuple[float, ...]) -> Floats:
        """Expand one number per row to (d,)."""
        return np.tile(np.repeat(np.array(values), self.width(experiment)), 2)

    def layers(self, experiment: Experiment, w: Floats) -> tuple[Floats, Floats, Floats]:
        """Return U, V and the error UVᵀ − M, each (..., k, k)."""
        k = self.width(experiment)
        w = np.asarray(w)
        u, v = w[..., : k * k], w[..., k * k :]
        u, v = u.reshape(*w.shape[:-1], k, k), v.reshape(*w.shape[:-1], k, k)
        return u, v, u @ np.swapaxes(v, -1, -2) - np.diag(experiment.eigenvalues)

    def untilted_latex(self, experiment: Experiment) -> str:
        """Return ½‖UVᵀ − M‖²; with one weight a layer, ½(w₁w₂ − λ₊)²."""
        if self.width(experiment) == 1:
            return r"\tfrac12 \left(w_1 w_2 - \lambda_{+}\right)^2"
        return r"\tfrac12 \lVert U V^\top - M \rVert_F^2"

    def latex_definitions(self, experiment: Experiment) -> tuple[str, ...]:
        """Return what U, V and M are; nothing with one weight a layer."""
        if self.width(experiment) == 1:
            return ()
        return "w = (U, V)", r"M = \mathrm{diag}(\lambda)"

    def value(self, experiment: Experiment, w: Floats) -> Floats:
        """Return f(w) (...,)."""
        _, _, error = self.layers(experiment, w)
        f: Floats = 0.5 * (error**2).sum(axis=(-1, -2))
        return f + np.asarray(w) @ self.offset(experiment)

    def gradient(self, experiment: Experiment, w: Floats) -> Floats:
        """Return ∂U = (UVᵀ − M)V, ∂V = (UVᵀ − M)ᵀU (..., d)."""
        u, v, error = self.layers(experiment, w)
        to_u, to_v = error @ v, np.swapaxes(error, -1, -2) @ u
        flat = (*error.shape[:-2], self.width(experiment) ** 2)
        g: Floats = np.concatenate([to_u.reshape(flat), to_v.reshape(flat)], axis=-1)
        return g + self.offset(experiment)

    def hessian(self, experiment: Experiment, w: Floats) -> Floats:
        """Return ∇²f(w) (..., d, d)."""
        k = self.width(experiment)
        u, v, error = self.layers(experiment, w)
        eye = np.eye(k)
        # d²f = ‖dU Vᵀ + U dVᵀ‖² + 2⟨error, dU dVᵀ⟩; indices (row, column) of each layer
        uu = np.einsum("ac,...ei,...ej->...aicj", eye, v, v)
        vv = np.einsum("ac,...ei,...ej->...aicj", eye, u, u)
        uv = np.einsum("...aj,...ci->...aicj", u, v) + np.einsum("...ac,ij->...aicj", error, eye)
        n = k * k
        blocks = [b.reshape(*error.shape[:-2], n, n) for b in (uu, uv, vv)]
        top = np.concatenate([blocks[0], blocks[1]], axis=-1)
        bottom = np.concatenate([np.swapaxes(blocks[1], -1, -2), blocks[2]], axis=-1)
        return np.concatenate([top, bottom], axis=-2)

    def minima(self, experiment: Experiment) -> Floats:
        """Return minima U = V = diag(±√s) (M, d), at most 2⁵ of a continuum; none under a tilt."""
        if self.offset(experiment).any():
            return np.empty((0, self.dimension(experiment)))
        root = np.sqrt(np.array(experiment.eigenvalues))
        signs = product((1.0, -1.0), repeat=len(root))
        layers = [np.diag(np.array(sign) * root).ravel() for sign in signs]
        return np.array([np.concatenate([layer, layer]) for layer in layers])

    def spectrum_at(self, experiment: Experiment, w: Floats) -> tuple[Floats, Floats]:
        """Return the spectrum as in the base class, in closed form at the origin.

        There the eigenvalues are ±s, k times each, with eigenvectors (U_il ± V_il)/√2 as columns
        (d, d).
        """
        if w.any():
            return super().spectrum_at(experiment, w)
        k, s = self.width(experiment), np.array(experiment.eigenvalues)
        n = k * k
        eye = np.eye(n) / np.sqrt(2)
        vectors = np.block([[eye, eye], [eye, -eye]])
        values = np.concatenate([-np.repeat(s, k), np.repeat(s, k)])
        order = np.argsort(values, kind="stable")
        return values[order], vectors[:, order]

    def default_radius(self, experiment: Experiment) -> float:
        """Return half the distance to the minimum along the fastest mode: ½√(2 max s)."""
        return float(0.5 * np.sqrt(2 * max(experiment.eigenvalues)))

    def view(self, experiment: Experiment) -> View:
        """Return the plane of the first weight of each layer in the fastest mode's row."""
        k = self.width(experiment)
        row = int(np.argmax(experiment.eigenvalues)) * (k + 1)
        axes = np.zeros((2, 2 * k * k))
        axes[0, row] = axes[1, k * k + row] = 1.0
        half = 1.6 * float(np.sqrt(max(experiment.eigenvalues)))
        half = max(half, *(1.1 * abs(s) for s in experiment.start or ()))
        labels = ("w₁", "w₂") if k == 1 else ("first weight of U", "first weight of V")
        return View(axes, labels, (-half, half), (-half, half))
