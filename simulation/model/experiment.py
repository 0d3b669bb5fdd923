"""The experiment: a frozen record of all parameters of a run.

Each parameter is declared once, here. Equal experiments give bit-identical results.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from simulation.formula.chosen import parameter_names
from simulation.formula.errors import FormulaError
from simulation.formula.formula import Formula, formula_of
from simulation.model.classics import CLASSICS
from simulation.model.contenders import Contender, Contenders
from simulation.model.formula_parameters import FormulaText, NamedNumbers
from simulation.model.holds import HOLDS
from simulation.model.landscape_defaults import LANDSCAPE_DEFAULTS
from simulation.model.parameters import Choice, Integer, Number, Numbers, Parameter
from simulation.noise import NOISES
from simulation.rules import RULES


def _one_of(phrases: Iterable[str]) -> str:
    *others, last = phrases
    return f"{', '.join(others)}, or {last}."


_DECLARED: tuple[tuple[str, Parameter], ...] = (
    ("landscape", Choice(
        key="landscape", symbol="f", label="Landscape", default="toy",
        choices=tuple(LANDSCAPE_DEFAULTS),
        help="The function whose saddle point is to be escaped.")),
    ("formula", FormulaText(
        key="f", symbol="f", label="Formula", default="x^4/4-x^2/2+y^2/2",
        help="Your own function of x, y, z, u, v, w or w1, w2, …; other names are its "
             "parameters.")),
    ("parameters", NamedNumbers(
        key="p", symbol="", label="Parameters", default=(),
        help="Values of the formula's parameters; one that is not given is 1.")),
    ("near", Numbers(
        key="at", symbol="", label="Saddle near", default=None, low=-1000.0, high=1000.0,
        optional=True,
        help="The saddle nearest to this point is the one to escape from; without it, the one "
             "nearest to the start.")),
    ("eigenvalues", Numbers(
        key="eig", symbol="λ", label="Eigenvalues", default=(1.0, -0.1),
        low=-10.0, high=100.0, scale="linear", step=0.01,
        help="Eigenvalues of the Hessian at the saddle; the smallest one's direction is the way "
             "out. A field of one also takes all: 2, −0.5, −0.5. For linear-net: the spectrum of "
             "M.")),
    ("dimension", Integer(
        key="d", symbol="d", label="Dimension", default=10, low=2, high=50,
        help="Number of weights, where the landscape does not take it from the eigenvalues.")),
    ("rotation", Number(
        key="rot", symbol="θ", label="Rotation", unit="°", default=0.0, low=0.0, high=90.0, step=1,
        help="Turns the eigenvectors away from the axes, in the plane of the first two.")),
    ("contenders", Contenders(
        key="run", symbol="β", label="Optimizers", torch="momentum",
        default=tuple(Contender("momentum", b) for b in (0.0, 0.3, 0.5, 0.7, 0.9)),
        help="The update rules that race on the same noise, each with its momentum β.")),
    ("step_size", Number(
        key="eta", symbol="η", label="Step size", torch="lr", default=5e-5, low=1e-7, high=10.0,
        scale="log", step=0.01, help="How far one update moves: w ← w − ηm.")),
    ("hold", Choice(
        key="hold", symbol="", label="Held fixed", default=next(iter(HOLDS)),
        choices=tuple(HOLDS),
        help="What all optimizers share: " + _one_of(hold.what for hold in HOLDS.values()))),
    ("noise", Choice(
        key="noise", symbol="ξ", label="Noise", default="samples",
        choices=tuple(NOISES), help=_one_of(noise.what for noise in NOISES.values()))),
    ("noise_sd", Numbers(
        key="sd", symbol="σ", label="Noise level", default=(0.1**0.5, 0.001**0.5),
        low=0.0, high=10.0, step=0.001,
        help="Standard deviation of the gradient noise along each eigenvector.")),
    ("tilt", Numbers(
        key="c", symbol="c", label="Tilt", default=(0.0,), low=-1.0, high=1.0, step=0.001,
        help="A constant mean gradient along each eigenvector: it moves the saddle.")),
    ("samples", Integer(
        key="n", symbol="n", label="Samples", default=10, low=1, high=1000,
        help="How many fixed samples the loss is a mean of.")),
    ("batch", Integer(
        key="batch", symbol="B", label="Batch", torch="batch_size", default=1, low=1, high=1000,
        help="How many samples are drawn, with replacement, for one stochastic gradient.")),
    ("start", Numbers(
        key="w0", symbol="w₀", label="Start", default=(0.0, 0.0), low=-10.0, high=10.0,
        step=0.001, shortest=2, optional=True,
        help="Where every optimizer starts, in the coordinates of the landscape's picture; for "
             "phase retrieval the first number is the root mean square of ‖w₀‖; for a formula "
             "also one number per weight, and without it, at the saddle.")),
    ("steps", Integer(
        key="T", symbol="T", label="Steps", default=1_000_000, low=10, high=3_000_000,
        scale="log", step=0.01, help="How many updates are made.")),
    ("paths", Integer(
        key="N", symbol="N", label="Paths", default=1, low=1, high=4096, scale="log", step=0.01,
        help="How many independent runs; each path's noise is shared by all optimizers.")),
    ("radius", Number(
        key="R", symbol="R", label="Escape radius", default=None, low=1e-6, high=100.0,
        scale="log", step=0.01, optional=True,
        help="A path has escaped when it is this far from the saddle along the way out.")),
    ("boost", Number(
        key="r", symbol="r", label="Boosted step", default=1e-3, low=1e-7, high=10.0, scale="log",
        step=0.01, help="Algorithm 2 only: the larger step taken once every period.")),
    ("period", Integer(
        key="period", symbol="T_thred", label="Period", default=1000, low=1, high=3_000_000,
        scale="log", step=0.01, help="Algorithm 2 only: steps between two larger steps.")),
    ("seed", Integer(
        key="seed", symbol="", label="Seed", default=0, low=0, high=2**32 - 1,
        help="Chooses the random numbers; the same seed gives the same bits.")),
)  # fmt: skip

PARAMETERS: Mapping[str, Parameter] = MappingProxyType(
    {name: replace(parameter, field=name) for name, parameter in _DECLARED}
)
"""Field name → its declaration, in URL order."""


PER_DIRECTION = ("noise_sd", "tilt")
"""The fields with one number per eigen-direction, extended to d by repeating the last."""


def without_repeats(values: tuple[float, ...]) -> tuple[float, ...]:
    """Return the list without trailing repeats of its last entry (short form of PER_DIRECTION)."""
    while len(values) > 1 and values[-1] == values[-2]:
        values = values[:-1]
    return values


def default_of(name: str, landscape: str = "toy") -> Any:
    """Return the default of field `name` on `landscape` (a key of LANDSCAPE_DEFAULTS)."""
    return LANDSCAPE_DEFAULTS[landscape].get(name, PARAMETERS[name].default)


_USUAL: Any = None  # placeholder for the landscape's default, set by __post_init__


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """A validated, frozen set of parameters; hashable and in canonical form.

    Omitted fields take the landscape's default. Values are converted to one canonical form (tuples,
    floats, per-direction lists extended to d by repeating their last entry), so equivalent
    experiments compare equal. Raises ParameterError with the field, the value and the allowed
    range.
    """

    landscape: str = "toy"
    formula: str = _USUAL
    parameters: tuple[tuple[str, tuple[float, ...]], ...] = _USUAL
    near: tuple[float, ...] | None = None
    eigenvalues: tuple[float, ...] = _USUAL
    dimension: int = _USUAL
    rotation: float = _USUAL
    contenders: tuple[Contender, ...] = _USUAL
    step_size: float = _USUAL
    hold: str = _USUAL
    noise: str = _USUAL
    noise_sd: tuple[float, ...] = _USUAL
    tilt: tuple[float, ...] = _USUAL
    samples: int = _USUAL
    batch: int = _USUAL
    start: tuple[float, ...] | None = _USUAL
    steps: int = _USUAL
    paths: int = _USUAL
    radius: float | None = None
    boost: float = _USUAL
    period: int = _USUAL
    seed: int = _USUAL

    def __post_init__(self) -> None:
        for name, parameter in PARAMETERS.items():
            given = getattr(self, name)
            if name in PER_DIRECTION and isinstance(given, tuple):
                given = without_repeats(given)
            if given is None:
                own = LANDSCAPE_DEFAULTS.get(self.landscape, {})
                given = own.get(name, parameter.default)
            value = parameter.check(given)
            object.__setattr__(self, name, value)
        for name, value in formula_fields(self).items():
            object.__setattr__(self, name, value)
        check_dimensions(self)
        check_hold(self)
        d = directions(self)
        for name in PER_DIRECTION:
            value = getattr(self, name)[:d]
            object.__setattr__(self, name, value + value[-1:] * (d - len(value)))

    def replace(self, **changes: Any) -> Experiment:
        """Return a copy with some fields changed; raises ParameterError."""
        return replace(self, **changes)


def formula_text(experiment: Experiment) -> str:
    """Return the formula of the experiment's landscape; "" if it is not given by one."""
    if experiment.landscape == "formula":
        return experiment.formula
    classic = CLASSICS.get(experiment.landscape)
    return classic.formula if classic else ""


def declared_formula(experiment: Experiment) -> Formula:
    """Return the Formula of the landscape; raises ParameterError if it does not fit `dimension`."""
    try:
        return formula_of(formula_text(experiment), experiment.dimension)
    except FormulaError as error:
        field = "formula" if experiment.landscape == "formula" else "dimension"
        value = getattr(experiment, field)
        raise PARAMETERS[field].error(value, reason=str(error)) from None


def parameter_value(experiment: Experiment, name: str) -> tuple[float, ...]:
    """Return a formula parameter's numbers: as given, else the catalogue's, else 1."""
    classic = CLASSICS.get(experiment.landscape)
    usual = (classic.parameters.get(name, 1.0),) if classic else (1.0,)
    return dict(experiment.parameters).get(name, usual)


def directions(experiment: Experiment) -> int:
    """Return the length of the lists in PER_DIRECTION: of the eigenvalues, or of the weights."""
    if formula_text(experiment):
        return declared_formula(experiment).dimension
    return len(experiment.eigenvalues)


def formula_fields(experiment: Experiment) -> dict[str, Any]:
    """Return the fields of a formula in canonical form: the defaults where they have no effect.

    Raises ParameterError for a formula of one weight, an unknown parameter, or lists that do not
    fit the weights.
    """
    own = {name: default_of(name, experiment.landscape) for name in ("formula", "parameters")}
    if not formula_text(experiment):
        start = experiment.start
        if start is not None and len(start) > 2:
            raise PARAMETERS["start"].error(start, start[:2], "this landscape takes 2 numbers")
        return {**own, "near": None}
    formula = declared_formula(experiment)
    if formula.dimension < 2:
        reason = f"a landscape needs two weights or more: {experiment.formula}+y^2/2, for example"
        raise PARAMETERS["formula"].error(experiment.formula, reason=reason)
    fields: dict[str, Any] = {"parameters": _own_parameters(experiment, formula)}
    if experiment.landscape != "formula":
        fields["formula"] = own["formula"]
    _check_length("near", experiment.near, (formula.dimension,))
    _check_length("start", experiment.start, (2, formula.dimension))
    return fields


def _check_length(name: str, values: tuple[float, ...] | None, lengths: tuple[int, ...]) -> None:
    if values is not None and len(values) not in lengths:
        counts = " or ".join(str(length) for length in dict.fromkeys(lengths))
        near = (values + (0.0,) * lengths[0])[: lengths[0]]
        raise PARAMETERS[name].error(values, near, f"this formula takes {counts} numbers")


def _own_parameters(
    experiment: Experiment, formula: Formula
) -> tuple[tuple[str, tuple[float, ...]], ...]:
    """Return the given parameters without those that equal the landscape's defaults."""
    classic = CLASSICS.get(experiment.landscape)
    usual = {name: (value,) for name, value in classic.parameters.items()} if classic else {}
    given = {name: without_repeats(values) for name, values in experiment.parameters}
    kept = {name: values for name, values in given.items() if name in parameter_names(formula)}
    if len(kept) < len(given):
        unknown = next(name for name in given if name not in kept)
        has = ", ".join(parameter_names(formula)) or "no parameters"
        raise PARAMETERS["parameters"].error(
            experiment.parameters, tuple(kept.items()), f"the formula has no {unknown}, but {has}"
        )
    return tuple((n, v) for n, v in sorted(kept.items()) if v != usual.get(n, (1.0,)))


def check_hold(experiment: Experiment) -> None:
    """Raise ParameterError if `hold` is undefined for the rule of some contender."""
    hold = HOLDS[experiment.hold]
    for rule in (RULES[contender.rule] for contender in experiment.contenders):
        if hold.excludes(rule):
            reason = hold.refusal.format(label=rule.label)
            raise PARAMETERS["hold"].error(hold.name, reason=reason)


def check_dimensions(experiment: Experiment) -> None:
    """Raise ParameterError if the eigenvalues do not fit the landscape."""
    needs = LANDSCAPE_DEFAULTS[experiment.landscape]
    parameter = PARAMETERS["eigenvalues"]
    values = experiment.eigenvalues
    own = default_of("eigenvalues", experiment.landscape)
    if needs.get("eigenvalues_fixed") and values != own:
        raise parameter.error(values, own, "the spectrum of this landscape is fixed")
    low, high = needs.get("eigenvalue_count", (2, 50))
    if not low <= len(values) <= high:
        near = (values + values[-1:] * low)[: max(low, min(len(values), high))]
        count = f"{low}" if low == high else f"{low} to {high}"
        reason = f"this landscape takes {count} number{'s' * (high > 1)}"
        raise parameter.error(values, near, reason)
    sign = needs.get("eigenvalue_sign")
    if sign == "one negative" and min(values) >= 0:
        reason = "this landscape needs at least one number below zero"
        raise parameter.error(values, (*values[:-1], -0.1), reason)
    if sign == "positive" and min(values) <= 0:
        near = tuple(v if v > 0 else 1.0 for v in values)
        raise parameter.error(values, near, "this landscape needs every number above zero")
