"""Puts a script together: heading, experiment, landscape, noise, loop, report.

What runs is NumPy or PyTorch as a student would write it; the numbers are the page's, to 1e-9.
Source: DESIGN.md section 7.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from simulation.experiment import Experiment
from simulation.landscapes import Landscape, landscape_of
from simulation.literals import array, number
from simulation.numbers import format_number
from simulation.parameters import ParameterError
from simulation.query import format_query
from simulation.rules import UPDATE_RULES, step_sizes
from simulation.script import noise
from simulation.script.loops import NUMPY_LOOP, REPORT, TORCH_LOOP, numpy_update

RECORDED = 256  # paths kept, as many as the page draws from
# Microseconds a step (NumPy, all contenders at once) or a contender's step (PyTorch) on a laptop.
NUMPY_STEP, TORCH_STEP = 10e-6, 150e-6


def script(experiment: Experiment, library: str = "numpy") -> str:
    """A script in `library` (a key of LIBRARIES) that runs alone and gives the drawn run.

    `python script.py out.npz` saves steps (K,), w (C, P, K, d) and escape_time (C, N).
    Raises ParameterError for another library.
    """
    if library not in LIBRARIES:
        raise ParameterError("library", library, "one of " + ", ".join(LIBRARIES), "numpy")
    landscape = landscape_of(experiment)
    heading, *sections = LIBRARIES[library](experiment, landscape)
    if not landscape.turned(experiment):
        sections = [_unturned(section) for section in sections]
    return "\n\n\n".join(section.strip("\n") for section in (heading, *sections)) + "\n"


def _numpy(experiment: Experiment, landscape: Landscape) -> list[str]:
    constants = _experiment(experiment, landscape) + _rules(experiment)
    return [
        _heading(experiment, "NumPy", NUMPY_STEP * experiment.steps),
        "import sys\n\nimport numpy as np",
        "\n".join([*constants, *landscape.constants(experiment)]),
        landscape.numpy_gradient,
        noise.source(experiment, landscape),
        NUMPY_LOOP.replace("            UPDATE\n", numpy_update(experiment)),
        REPORT,
    ]


def _torch(experiment: Experiment, landscape: Landscape) -> list[str]:
    seconds = TORCH_STEP * experiment.steps * len(experiment.contenders)
    constants = landscape.constants(experiment)
    tensors = [f"{name} = torch.tensor({name})" for name in landscape.tensors]
    if landscape.turned(experiment):
        tensors.append("EIGENVECTORS = torch.tensor(Q)")  # Q itself stays NumPy
    return [
        _heading(experiment, "PyTorch", seconds),
        "import sys\n\nimport numpy as np\nimport torch",
        "\n".join(_experiment(experiment, landscape)),
        _optimizers(experiment),
        noise.source(experiment, landscape),
        "\n".join([*constants, *tensors]) + "\n\n\n" + landscape.torch_loss,
        TORCH_LOOP.replace("        BOOST\n", _boost(experiment)),
        REPORT,
    ]


LIBRARIES: Mapping[str, Callable[[Experiment, Landscape], list[str]]] = MappingProxyType(
    {"numpy": _numpy, "torch": _torch}
)
"""Library name → the sections of its script."""


def _heading(experiment: Experiment, library: str, seconds: float) -> str:
    query = format_query(experiment)
    length = f"{max(seconds, 2):.0f} seconds" if seconds < 90 else f"{seconds / 60:.0f} minutes"
    return "\n".join([
        f'"""One Saddlescape experiment in {library}, alone in a file.',
        "",
        f"The page: ?{query}" if query else "The page's first experiment: no query.",
        "",
        "    python script.py          says when each contender escapes",
        "    python script.py run.npz  keeps what the page draws: steps (K,),",
        "                              w (contenders, paths, K, weights), escape_time",
        "",
        f"Takes some {length}. Fewer STEPS give the beginning of the same run.",
        '"""',
    ])  # fmt: skip


def _experiment(experiment: Experiment, landscape: Landscape) -> list[str]:
    names = [f'"{contender.label}"' for contender in experiment.contenders]
    problem = landscape.problem(experiment)
    directions = landscape.escape_directions(experiment)
    return [
        f"SEED, PATHS, STEPS = {experiment.seed}, {experiment.paths}, {experiment.steps}",
        f"KEPT = {min(experiment.paths, RECORDED)}  # paths whose whole way is kept",
        f"NAMES = [{', '.join(names)}]",
        f"START = {array(landscape.start(experiment))}",
        f"SADDLE = {array(landscape.saddle(experiment))}",
        f"WAY_OUT = {array(directions)}  # rows: eigenvectors of the smallest eigenvalue",
        f"RADIUS = {number(landscape.escape_radius(experiment))}  # escaped when so far along it",
        f"BOUND = {number(problem.bound)}  # a path beyond it has diverged",
    ]


def _rules(experiment: Experiment) -> list[str]:
    """The contenders' coefficients as columns (contenders, 1, 1)."""
    contenders = experiment.contenders
    rules = [UPDATE_RULES[contender.rule] for contender in contenders]
    column = "[:, None, None]"
    lines = [
        f"BETA = {array([c.momentum for c in contenders])}{column}",
        f"ETA = {array(step_sizes(experiment))}{column}",
    ]
    if any(rule.name == "nesterov" for rule in rules):
        lines.append(f"NESTEROV = {_flags([r.name == 'nesterov' for r in rules])}{column}")
    if any(rule.boosted for rule in rules):
        lines += [f"BOOSTED = {_flags([r.boosted for r in rules])}{column}",
                  f"BOOST, PERIOD = {number(experiment.boost)}, {experiment.period}"]  # fmt: skip
    if any(rule.adaptive for rule in rules):
        lines += [f"ADAM = {_flags([r.adaptive for r in rules])}{column}",
                  f"AMSGRAD = {_flags([r.name == 'amsgrad' for r in rules])}{column}"]  # fmt: skip
    return lines


def _flags(flags: list[bool]) -> str:
    return f"np.array({flags})"


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
        lines.append(f"    torch.optim.{_TORCH[contender.rule](beta, lr)},")
    lines.append("]")
    if any(c.rule == "boosted" for c in experiment.contenders):
        boosted = [i for i, c in enumerate(experiment.contenders) if c.rule == "boosted"]
        lines += [f"BOOSTED = {boosted}  # Algorithm 2: a larger step once every PERIOD",
                  f"BOOST, PERIOD = {number(experiment.boost)}, {experiment.period}"]  # fmt: skip
    return "\n".join(lines)


def _sgd(beta: str, lr: str) -> str:
    return f"SGD(weights(), lr={lr}, momentum={beta})"


_TORCH: Mapping[str, Callable[[str, str], str]] = MappingProxyType({
    "momentum": _sgd,
    "boosted": _sgd,
    # Nesterov with β = 0 is SGD; torch refuses to call it Nesterov.
    "nesterov": lambda beta, lr: _sgd(beta, lr) if beta == "0"
    else f"SGD(weights(), lr={lr}, momentum={beta}, nesterov=True)",
    # torch.optim.Adam refuses betas that are not both floats: 0 is written 0.0.
    "adam": lambda beta, lr: f"Adam(weights(), lr={lr}, betas=({float(beta)}, 0.999))",
    "amsgrad": lambda beta, lr: f"Adam(weights(), lr={lr}, betas=({float(beta)}, 0.999), "
    "amsgrad=True)",
})  # fmt: skip


def _boost(experiment: Experiment) -> str:
    if not any(c.rule == "boosted" for c in experiment.contenders):
        return ""
    return (
        "        if c in BOOSTED:  # Alg. 2: step r when t mod T_thred = 0\n"
        '            usual = optimizer.defaults["lr"]\n'
        '            optimizer.param_groups[0]["lr"] = BOOST if t % PERIOD == 0 else usual\n'
    )


def _unturned(source: str) -> str:
    """Without Q, where the eigenvectors are the axes: z = Qᵀw is w."""
    source = re.sub(r"^    z = w @ .*\n", "", source, flags=re.MULTILINE)
    source = re.sub(r", z = Qᵀw| @ Q(\.T)?\b", "", source)
    # Whole names in ASCII, so that z is found in z_j, z², λz and 2z too, but not in savez.
    return re.sub(r"[A-Za-z_]\w*", _w_for_z, source, flags=re.ASCII)


def _w_for_z(name: re.Match[str]) -> str:
    return re.sub(r"^z(?=_|$)", "w", name[0])
