"""Laws of the look: contrast, order of β, one style a contender."""

from __future__ import annotations

import re
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.theme import THEMES, border_style, css_variables, styles
from simulation.model.contenders import Contender
from simulation.rules import RULES

BETAS = st.floats(0.0, 0.9999).map(lambda b: round(b, 4))
LISTS = st.lists(st.builds(Contender, st.sampled_from(list(RULES)), BETAS), min_size=1, max_size=8)
themes = pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))


def linear(color: str) -> np.ndarray:
    """Linear RGB of #rrggbb."""
    c = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def luminance(color: str) -> float:
    """WCAG 2 relative luminance of #rrggbb."""
    return float(linear(color) @ [0.2126, 0.7152, 0.0722])


def contrast(a: str, b: str) -> float:
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


@themes
def test_lines_stand_out_from_the_paper_and_the_landscape(theme):
    lines = (*theme.ramp, theme.neutral, theme.accent, theme.law)
    for line, ground in product(lines, (theme.paper, *theme.relief)):
        assert contrast(line, ground) >= 3, (line, ground)


@themes
def test_words_are_legible(theme):
    words = (*theme.ramp_text, theme.neutral_text, theme.accent, theme.muted, theme.ink)
    for word, ground in product((*words, theme.warning), (theme.paper, theme.page)):
        assert contrast(word, ground) >= 4.5, (word, ground)


@themes
def test_luminance_runs_one_way_along_the_ramp(theme):
    steps = np.diff([luminance(c) for c in theme.ramp])
    away_from_paper = -1 if luminance(theme.paper) > 0.5 else 1
    assert (steps * away_from_paper > 0).all()


# Machado, Oliveira, Fernandes 2009: full protan, deutan and tritan vision, on linear RGB.
BLINDNESS = {
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
               [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
               [-0.01182, 0.04294, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
               [0.004733, 0.691367, 0.3039]],
}  # fmt: skip


def oklab(rgb: np.ndarray) -> np.ndarray:
    """OKLab of linear RGB: Euclidean distance is about what an eye sees; 0.02 is just noticed."""
    lms = np.array([[0.4122214708, 0.5363325363, 0.0514459929],
                    [0.2119034982, 0.6806995451, 0.1073969566],
                    [0.0883024619, 0.2817188376, 0.6299787005]])  # fmt: skip
    lab = np.array([[0.2104542553, 0.793617785, -0.0040720468],
                    [1.9779984951, -2.428592205, 0.4505937099],
                    [0.0259040371, 0.7827717662, -0.808675766]])  # fmt: skip
    return lab @ np.cbrt(lms @ rgb)


@themes
@pytest.mark.parametrize("kind", BLINDNESS)
def test_the_usual_five_are_told_apart_by_every_eye(theme, kind):
    five = styles([Contender("momentum", b) for b in (0, 0.3, 0.5, 0.7, 0.9)], theme)
    seen = [oklab(np.clip(np.array(BLINDNESS[kind]) @ linear(s.color), 0, 1)) for s in five]
    gaps = [np.linalg.norm(a - b) for i, a in enumerate(seen) for b in seen[:i]]
    assert min(gaps) >= 0.05


@given(contenders=LISTS)
def test_stronger_momentum_has_the_stronger_colour(contenders):
    for theme in THEMES.values():
        rungs = {
            c.momentum: theme.ramp.index(s.color)
            for c, s in zip(contenders, styles(contenders, theme), strict=True)
            if c.momentum
        }
        ordered = [rungs[beta] for beta in sorted(rungs)]
        assert all(weak < strong for weak, strong in pairwise(ordered))
        assert not ordered or ordered[-1] == len(theme.ramp) - 1


@given(contenders=LISTS)
def test_beta_zero_is_always_the_neutral_and_nothing_else_is(contenders):
    for theme in THEMES.values():
        for contender, style in zip(contenders, styles(contenders, theme), strict=True):
            assert (style.color == theme.neutral) == (contender.momentum == 0)


@given(contenders=LISTS)
def test_colour_and_dash_tell_contenders_apart(contenders):
    for theme in THEMES.values():
        drawn = {
            (c.rule, c.momentum): (s.color, s.dash)
            for c, s in zip(contenders, styles(contenders, theme), strict=True)
        }
        assert len(set(drawn.values())) == len(drawn)


def test_every_rule_has_its_own_dash():
    dashes = [rule.dash for rule in RULES.values()]
    assert len(set(dashes)) == len(dashes)
    assert all(re.fullmatch(r"solid|\d+px(,\d+px)+", dash) for dash in dashes)


def test_a_chip_tells_a_rule_by_the_nearest_border():
    borders = {rule.name: border_style(rule.dash) for rule in RULES.values()}
    assert borders["momentum"] == "solid"
    assert (borders["nesterov"], borders["adam"]) == ("dashed", "dotted")
    assert set(borders.values()) == {"solid", "dashed", "dotted"}


def test_a_dragged_beta_keeps_every_colour_until_it_passes_another():
    theme = THEMES["light"]
    around = [Contender("momentum", b) for b in (0.0, 0.5, 0.9)]
    colours = {
        tuple(s.color for s in styles([around[0], around[1], Contender("momentum", b)], theme))
        for b in np.linspace(0.51, 0.9999, 40)
    }
    assert len(colours) == 1


@themes
def test_the_style_sheet_names_every_colour_of_the_theme(theme):
    block = re.search(rf'\[data-theme="{theme.name}"\] \{{(.*?)\}}', css_variables(), re.S)
    assert block is not None
    for color in (*theme.ramp, *theme.ramp_text, theme.neutral, theme.paper, theme.accent):
        assert f": {color};" in block[1]
