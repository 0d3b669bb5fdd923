"""Source of an experiment's noise: its constants, the generator and `draw_noise(state)`."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from simulation.kernels.records import BLOCK, PHASE
from simulation.landscapes.base import Landscape
from simulation.model.experiment import Experiment
from simulation.noise import NOISES
from simulation.noise.streams import data_source
from simulation.python_source import array
from simulation.scripts import generator

WRITTEN_OUT = 40  # largest table that is written out in a script


def source(experiment: Experiment, landscape: Landscape) -> str:
    """Return the source of the constants, the generator's functions and `draw_noise`."""
    noise = NOISES[experiment.noise]
    used = set(re.findall(r"\w+", noise.numpy))
    constants = [lines(experiment, landscape) for name, lines in CONSTANTS.items() if name in used]
    functions = [getattr(generator, name) for name in ("initial_state", *noise.functions)]
    needed = [inspect.getsource(function) for function in functions]
    return "\n".join([*constants, "", "", "\n\n".join([*needed, noise.numpy])])


def _block(experiment: Experiment, landscape: Landscape) -> str:
    return f"BLOCK = {BLOCK}  # steps drawn at once"


def _offset(experiment: Experiment, landscape: Landscape) -> str:
    return f"C = {array(landscape.offset(experiment))}  # constant part of ∇f"


def _full_batch(experiment: Experiment, landscape: Landscape) -> str:
    """Return the line for the fixed batch used if none is drawn: all samples of phase retrieval."""
    samples = experiment.samples if landscape.problem(experiment).code == PHASE else 1
    picks = f"np.broadcast_to(np.arange({samples}), (BLOCK, PATHS, {samples}))"
    return f"FULL_BATCH = {picks}  # no batch is drawn"


def _sigma(experiment: Experiment, landscape: Landscape) -> str:
    return f"SIGMA = {array(landscape.noise_sd(experiment))}  # per eigen-direction"


def _batch(experiment: Experiment, landscape: Landscape) -> str:
    return f"BATCH = {experiment.batch}"


def _table(experiment: Experiment, landscape: Landscape) -> str:
    """Return the lines that define B (n, d): written out if short, otherwise drawn again."""
    table, tilt = landscape.sample_table(experiment), landscape.tilt(experiment)
    if not table.any():
        c = array(tilt) if tilt.any() else "0.0"
        return f"B = np.full({table.shape}, {c})  # the same constant gradient for each sample"
    if table.size <= WRITTEN_OUT:
        return f"B = {array(table + tilt)}  # each sample's constant gradient, c + b_i"
    sd = array(landscape.noise_sd(experiment))
    data = data_source(*table.shape)
    return f"{data}\nB = DATA * {sd} + {array(tilt)}  # each sample's c + b_i"


CONSTANTS: Mapping[str, Callable[[Experiment, Landscape], str]] = MappingProxyType({
    "BLOCK": _block,
    "C": _offset,
    "FULL_BATCH": _full_batch,
    "SIGMA": _sigma,
    "BATCH": _batch,
    "B": _table,
})  # fmt: skip
"""Name of a constant that `draw_noise` may read → its definition, in the order of the script."""
