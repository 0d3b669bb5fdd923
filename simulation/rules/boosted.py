"""The paper's Algorithm 2: heavy ball with a larger step r once every T_thred steps."""

from __future__ import annotations

from simulation.rules.momentum import LINEAR, MOMENTUM, sgd
from simulation.rules.record import Rule, Variant

BOOSTED = Rule(
    name="boosted",
    label="Algorithm 2",
    family=LINEAR,
    default=0.9,
    dash="9px,3px,2px,3px",
    weights=MOMENTUM.weights,
    stable=MOMENTUM.stable,
    reads=("boost", "period"),
    torch=sgd,
    torch_note="Algorithm 2: a larger step once every PERIOD",
    torch_lines="        if c in BOOSTED:  # Alg. 2: step r when t mod T_thred = 0\n"
    '            usual = optimizer.defaults["lr"]\n'
    '            optimizer.param_groups[0]["lr"] = BOOST if t % PERIOD == 0 else usual\n',
    flag="BOOSTED",
    variant=Variant("eta", "BOOSTED & (t % PERIOD == 0)", "BOOST", "Alg. 2"),
)
