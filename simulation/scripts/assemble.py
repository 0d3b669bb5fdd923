"""Assemble a script: heading, experiment, landscape, noise, loop, report.

The script is plain NumPy or PyTorch; its results agree with the engine's to 1e-9 as long as the run
does not amplify rounding.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from simulation.landscapes.base import Landscape
from simulation.landscapes.registry import landscape_of
from simulation.model.coefficients import step_sizes
from simulation.model.experiment import Experiment
from simulation.model.numbers import format_number
from simulation.model.parameters import ParameterError
from simulation.model.query import format_query
from simulation.python_source import array, number
from simulation.rules import RULES
from simulation.scripts import noise
from simulation.scripts.loops import (
    NUMPY_LOOP,
    REPORT,
    TORCH_LOOP,
    families,
    numpy_state,
    numpy_update,
    racing,
)

RECORDED = 256  # paths recorded, as many as the page uses
# Seconds on a laptop: per step of all optimizers (NumPy), per step of one optimizer (PyTorch).
NUMPY_STEP, TORCH_STEP = 10e-6, 150e-6


def script(experiment: Experiment, library: str = "numpy") -> str:
    """Return a stand-alone script in `library` (a key of LIBRARIES) that reproduces the run.

    `python script.py out.npz` saves steps (K,), w (C, P, K, d), escape_time and diverged_at (C, N).
    Raises ParameterError for an unknown library.
    """
    if library not in LIBRARIES:
        raise ParameterError("library", library, "one of " + ", ".join(LIBRARIES), "numpy")
    landscape = landscape_of(experiment)
    heading, *sections = LIBRARIES[library](experiment, landscape)
    if not landscape.is_rotated(experiment):
        kept = _kept_sources(experiment, landscape)
        sections = [s if s.endswith(kept) else _unturned(s) for s in sections]
    return "\n\n\n".join(section.strip("\n") for section in (heading, *sections)) + "\n"


def _kept_sources(experiment: Experiment, landscape: Landscape) -> tuple[str, ...]:
    """Return the landscape's sources, if they are not written with z = Qᵀw."""
    if landscape.in_eigen_coordinates:
        return ()
    return landscape.gradient_source(experiment), landscape.loss_source(experiment)


def _numpy(experiment: Experiment, landscape: Landscape) -> list[str]:
    constants = _experiment(experiment, landscape) + _rules(experiment)
    return [
        _heading(experiment, "NumPy", NUMPY_STEP * experiment.steps),
        "import sys\n\nimport numpy as np",
        "\n".join([*constants, *landscape.constants(experiment)]),
        landscape.gradient_source(experiment),
        noise.source(experiment, landscape),
        NUMPY_LOOP.replace("            UPDATE\n", numpy_update(experiment)).replace(
            "    STATE\n", numpy_state(experiment)
        ),
        REPORT,
    ]


def _torch(experiment: Experiment, landscape: Landscape) -> list[str]:
    seconds = TORCH_STEP * experiment.steps * len(experiment.contenders)
    before = "".join(rule.torch_lines for rule in racing(experiment))
    constants = landscape.constants(experiment)
    tensors = [f"{name} = torch.tensor({name})" for name in landscape.tensors]
    if landscape.is_rotated(experiment):
        tensors.append("EIGENVECTORS = torch.tensor(Q)")  # Q itself remains a NumPy array
    return [
        _heading(experiment, "PyTorch", seconds),
        "import sys\n\nimport numpy as np\nimport torch",
        "\n".join(_experiment(experiment, landscape)),
        _optimizers(experiment),
        noise.source(experiment, landscape),
        "\n".join([*constants, *tensors]) + "\n\n\n" + landscape.loss_source(experiment),
        TORCH_LOOP.replace("        BEFORE\n", before),
        REPORT,
    ]


LIBRARIES: Mapping[str, Callable[[Experiment, Landscape], list[str]]] = MappingProxyType(
    {"numpy": _numpy, "torch": _torch}
)
"""Library name → the function that returns the sections of its script."""


def _heading(experiment: Experiment, library: str, seconds: float) -> str:
    query = format_query(experiment)
    length = f"{max(seconds, 2):.0f} seconds" if seconds < 90 else f"{seconds / 60:.0f} minutes"
    return "\n".join([
        f'"""A Saddlescape experiment in {library}: a stand-alone script.',
        "",
        f"The page: ?{query}" if query else "The page's first experiment: no query.",
        "",
        "    python script.py          prints when each optimizer escapes",
        "    python script.py run.npz  also saves what the page draws: steps (K,),",
        "                              w (optimizers, recorded paths, K, d),",
        "                              escape_time, diverged_at (optimizers, paths)",
        "",
        f"Takes about {length}. With fewer STEPS it computes the beginning of the same run.",
        "It agrees with the page to 1e-9, unless the run is chaotic (a step near the limit of",
        "stability off a quadratic, RMSProp at rest): then rounding errors grow until paths part.",
        '"""',
    ])  # fmt: skip


def _experiment(experiment: Experiment, landscape: Landscape) -> list[str]:
    names = [f'"{contender.label}"' for contender in experiment.contenders]
    problem = landscape.problem(experiment)
    directions = landscape.escape_directions(experiment)
    radius = number(landscape.escape_radius(experiment))
    return [
        f"SEED, PATHS, STEPS = {experiment.seed}, {experiment.paths}, {experiment.steps}",
        f"RECORDED = {min(experiment.paths, RECORDED)}  # paths whose w is recorded",
        f"NAMES = [{', '.join(names)}]",
        f"START = {array(landscape.start(experiment))}",
        f"SADDLE = {array(landscape.saddle(experiment))}",
        f"ESCAPE_DIRECTIONS = {array(directions)}  # rows: eigenvectors of the smallest eigenvalue",
        f"RADIUS = {radius}  # escape radius: distance from SADDLE along ESCAPE_DIRECTIONS",
        f"BOUND = {number(problem.bound)}  # largest coordinate: beyond it diverged",
        f"FALLING = {array(problem.falling)}  # 1: f → −∞ along it, passing BOUND is no divergence",
    ]


def _rules(experiment: Experiment) -> list[str]:
    """Return the lines with the optimizers' coefficients as columns (contenders, 1, 1)."""
    contenders = experiment.contenders
    rules = [RULES[contender.rule] for contender in contenders]
    column = "[:, None, None]"
    lines = [
        f"BETA = {array([c.momentum for c in contenders])}{column}",
        f"ETA = {array(step_sizes(experiment))}{column}",
    ]
    used = set(re.findall(r"\w+", numpy_update(experiment)))
    flags = {family.flag: [r.family.flag == family.flag for r in rules]
             for family in families(experiment)}  # fmt: skip
    flags |= {rule.flag: [r is rule for r in rules] for rule in RULES.values() if rule.flag}
    lines += [f"{flag} = np.array({where}){column}" for flag, where in flags.items()
              if flag in used]  # fmt: skip
    return lines + _fields(experiment)


def _fields(experiment: Experiment) -> list[str]:
    """Return the lines with fields that only the rules in use read: `BOOST, PERIOD = 0.1, 100`."""
    lines = []
    for rule in racing(experiment):
        values = [getattr(experiment, name) for name in rule.reads]
        if values:
            texts = (number(v) if isinstance(v, float) else str(v) for v in values)
            lines.append(f"{', '.join(rule.reads).upper()} = {', '.join(texts)}")
    return lines


def _optimizers(experiment: Experiment) -> str:
    lines = [
        "torch.set_default_dtype(torch.float64)",
        "",
        "",
        "def weights():",
        '    """w₀ of every path (paths, d)."""',
        "    return [torch.tensor(START).repeat(PATHS, 1).requires_grad_()]",
        "",
        "",
        "OPTIMIZERS = [",
    ]
    for contender, eta in zip(experiment.contenders, step_sizes(experiment), strict=True):
        beta, lr = format_number(contender.momentum), number(eta)
        lines.append(f"    torch.optim.{RULES[contender.rule].torch(beta, lr)},")
    lines.append("]")
    for rule in racing(experiment):
        if rule.torch_lines:
            chosen = [i for i, c in enumerate(experiment.contenders) if c.rule == rule.name]
            lines.append(f"{rule.flag} = {chosen}  # {rule.torch_note}")
    return "\n".join(lines + _fields(experiment))


def _unturned(source: str) -> str:
    """Remove Q from a source, for a landscape that is not rotated: z = Qᵀw is w."""
    source = re.sub(r"^    z = w @ .*\n", "", source, flags=re.MULTILINE)
    source = re.sub(r", z = Qᵀw| @ Q(\.T)?\b", "", source)
    # Whole ASCII names, so that z matches in z_j, z², λz and 2z too, but not in savez.
    return re.sub(r"[A-Za-z_]\w*", _w_for_z, source, flags=re.ASCII)


def _w_for_z(name: re.Match[str]) -> str:
    return re.sub(r"^z(?=_|$)", "w", name[0])
