"""Source of each kind of noise: `draw(state)` → x (BLOCK, paths, d) and the batches drawn."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from types import MappingProxyType

from simulation.kernels.records import BLOCK, PHASE
from simulation.landscapes.base import Landscape
from simulation.model.experiment import Experiment
from simulation.noise.streams import data_source
from simulation.python_source import array
from simulation.scripts import generator

WRITTEN_OUT = 40  # largest table that is written out in a script

_GAUSSIAN = '''def draw(state):
    """The next BLOCK steps of c + σξ, ξ ~ N(0, I), shape (BLOCK, paths, d)."""
    xi = normals(state, BLOCK * len(SIGMA)).reshape(PATHS, BLOCK, len(SIGMA))
    return C + SIGMA * xi.swapaxes(0, 1), EVERYTHING
'''
_SAMPLES = '''def draw(state):
    """The next BLOCK batches (BLOCK, paths, batch) and their constant gradients, c + b_i."""
    picks = indices(state, len(B), BLOCK * BATCH).reshape(PATHS, BLOCK, BATCH).swapaxes(0, 1)
    return B[picks].mean(axis=2), picks
'''
_NONE = '''def draw(state):
    """No noise: the constant part of the gradient at each step."""
    return np.broadcast_to(C, (BLOCK, PATHS, len(C))), EVERYTHING
'''


def source(experiment: Experiment, landscape: Landscape) -> str:
    """Return the source of an experiment's noise: constants, generator functions and `draw`."""
    constants, functions, draw = KINDS[experiment.noise](experiment, landscape)
    needed = [inspect.getsource(function) for function in functions]
    return "\n".join([*constants, "", "", "\n\n".join([*needed, draw])])


Parts = tuple[list[str], list[Callable[..., object]], str]


def _everything(experiment: Experiment, landscape: Landscape) -> str:
    """Return the line for the fixed batch used if none is drawn: all samples of phase retrieval."""
    samples = experiment.samples if landscape.problem(experiment).code == PHASE else 1
    picks = f"np.broadcast_to(np.arange({samples}), (BLOCK, PATHS, {samples}))"
    return f"EVERYTHING = {picks}  # no batch is drawn"


def _constant(experiment: Experiment, landscape: Landscape) -> list[str]:
    offset = array(landscape.offset(experiment))
    return [f"BLOCK = {BLOCK}  # steps drawn at once", f"C = {offset}  # constant part of ∇f",
            _everything(experiment, landscape)]  # fmt: skip


def _gaussian(experiment: Experiment, landscape: Landscape) -> Parts:
    sigma = f"SIGMA = {array(landscape.noise_sd(experiment))}  # per eigen-direction"
    functions = [generator.seeded, generator.words_of, generator.normals]
    return [*_constant(experiment, landscape), sigma], functions, _GAUSSIAN


def _table(experiment: Experiment, landscape: Landscape) -> list[str]:
    """Return the line that defines B (n, d): written out if short, otherwise drawn again."""
    table, tilt = landscape.sample_table(experiment), landscape.tilt(experiment)
    if not table.any():
        c = array(tilt) if tilt.any() else "0.0"
        return [f"B = np.full({table.shape}, {c})  # the same constant gradient for each sample"]
    if table.size <= WRITTEN_OUT:
        return [f"B = {array(table + tilt)}  # each sample's constant gradient, c + b_i"]
    sd = array(landscape.noise_sd(experiment))
    return [data_source(*table.shape), f"B = DATA * {sd} + {array(tilt)}  # each sample's c + b_i"]


def _samples(experiment: Experiment, landscape: Landscape) -> Parts:
    block = [f"BLOCK = {BLOCK}  # steps drawn at once", f"BATCH = {experiment.batch}"]
    constants = block + _table(experiment, landscape)
    return constants, [generator.seeded, generator.words_of, generator.indices], _SAMPLES


def _none(experiment: Experiment, landscape: Landscape) -> Parts:
    return _constant(experiment, landscape), [generator.seeded], _NONE


KINDS: Mapping[str, Callable[[Experiment, Landscape], Parts]] = MappingProxyType({
    "gaussian": _gaussian,
    "samples": _samples,
    "none": _none,
})  # fmt: skip
"""Noise name → its constants, the generator's functions and `draw`."""
