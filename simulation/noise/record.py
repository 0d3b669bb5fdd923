"""Record of a kind of gradient noise: all that is known of it.

A noise's file defines one Noise; every other use of the noise follows from this record.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Sampling(Protocol):
    """The fields of an Experiment that a noise reads: seed, number of samples n, batch size."""

    @property
    def seed(self) -> int:
        """Seed of all random numbers."""

    @property
    def samples(self) -> int:
        """Number of fixed samples n."""

    @property
    def batch(self) -> int:
        """Number of samples drawn for one stochastic gradient."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """A kind of gradient noise.

    name: its key in URLs; label: on the page's switch; what: the same as a noun phrase. code: its
    kind in `kernels/records.py`, which `kernels/blocks.py` draws.

    random: whether a step's gradient is random at all. draws_samples: whether it is the mean over
    a batch of the fixed samples, with σ as the samples' spread; otherwise σξ is added to the full
    gradient. ignores: fields of an experiment without effect; `Landscape.uses` has exceptions.

    step_sd(experiment, σ): standard deviation (d,) of one step's noise, given σ (d,);
    offset(experiment, σ, c): constant part (d,) of ∇f, given σ and the tilt c. Both are per kernel
    coordinate, for noise that does not depend on w. along(experiment, σ, V): standard deviation
    (k,) along the columns of V (d, k), where the coordinates are correlated; None if they are not.

    numpy: source of the script's `draw_noise(state)`, which returns x (BLOCK, paths, d), the noise
    and constant gradient of the next BLOCK steps, and the batches drawn. It may read BLOCK, PATHS
    and the constants of `scripts/noise.py`; functions: those of `scripts/generator.py` that it
    needs, in the order of their definition.
    """

    name: str
    label: str
    what: str
    code: int
    step_sd: Callable[[Sampling, Floats], Floats]
    offset: Callable[[Sampling, Floats, Floats], Floats] = lambda experiment, sd, tilt: tilt
    random: bool = True
    draws_samples: bool = False
    ignores: tuple[str, ...] = ()
    along: Callable[[Sampling, Floats, Floats], Floats] | None = None
    numpy: str
    functions: tuple[str, ...] = ()

    def sd_along(self, experiment: Sampling, sd: Floats, directions: Floats) -> Floats:
        """Return the standard deviation (k,) of a step's noise along orthonormal columns (d, k)."""
        if self.along is not None:
            return self.along(experiment, sd, directions)
        return np.asarray(np.sqrt(self.step_sd(experiment, sd) ** 2 @ directions**2))
