"""Generate docs/parameters.md: `python -m simulation.model.parameter_table`."""

from __future__ import annotations

from simulation.model.contenders import MOMENTUM
from simulation.model.experiment import PARAMETERS
from simulation.model.landscape_defaults import LANDSCAPE_DEFAULTS
from simulation.model.parameters import Parameter

HEAD = """# Parameters

Made from the declarations in `simulation/model/experiment.py` by
`python -m simulation.model.parameter_table > docs/parameters.md`. The key is the parameter's name
in a link and on the command line. Momentum is PyTorch's: m ← βm + g, w ← w − ηm.

| key | field | symbol | what | default | allowed | torch.optim |
|---|---|---|---|---|---|---|
"""


def table() -> str:
    """Return the whole page as Markdown, generated from the declarations."""
    rows = [_row(parameter) for parameter in (*PARAMETERS.values(), MOMENTUM)]
    return HEAD + "\n".join(rows) + "\n\n" + _usual()


def _row(parameter: Parameter) -> str:
    default = "the landscape's own" if parameter.default is None else _default(parameter)
    what = f"**{parameter.label}.** {parameter.help}"
    unit = f" {parameter.unit}" if parameter.unit else ""
    torch = f"`{parameter.torch}`" if parameter.torch else ""
    cells = (f"`{parameter.key}`", f"`{parameter.field}`", parameter.symbol, what,
             default + unit, parameter.allowed, torch)  # fmt: skip
    return "| " + " | ".join(cells) + " |"


def _default(parameter: Parameter) -> str:
    return f"`{parameter.format(parameter.default)}`"


def _usual() -> str:
    lines = ["## What a landscape changes", "", "| landscape | its own defaults |", "|---|---|"]
    for landscape, usual in LANDSCAPE_DEFAULTS.items():
        fields = [
            f"`{PARAMETERS[name].key}={PARAMETERS[name].format(value)}`"
            for name, value in usual.items()
            if name in PARAMETERS and value is not None
        ]
        lines.append(f"| `{landscape}` | {', '.join(fields) or 'those above'} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(table(), end="")
