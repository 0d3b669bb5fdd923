"""Laws of the look: contrast, colours that every eye tells apart, one style a contender."""

from __future__ import annotations

import re
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.theme import THEMES, border_style, css_variables, styles
from simulation.model.contenders import Contender
from simulation.rules import RULES

BETAS = st.floats(0.0, 0.9999).map(lambda b: round(b, 4))
RULE = st.sampled_from(list(RULES))
LISTS = st.lists(st.builds(Contender, RULE, BETAS), min_size=1, max_size=8)
EIGHT = [Contender("momentum", 0.1 * i) for i in range(8)]
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
    lines = (*theme.palette, theme.neutral, theme.accent, theme.law)
    for line, ground in product(lines, (theme.paper, *theme.relief)):
        assert contrast(line, ground) >= 3, (line, ground)


@themes
def test_words_are_legible(theme):
    words = (*theme.palette_text, theme.neutral_text, theme.accent, theme.muted, theme.ink)
    for word, ground in product((*words, theme.warning), (theme.paper, theme.page)):
        assert contrast(word, ground) >= 4.5, (word, ground)


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


def gaps(colors: list[str], kind: str) -> float:
    """Smallest difference between two of the colours, as seen with a colour blindness."""
    seen = [oklab(np.clip(np.array(BLINDNESS[kind]) @ linear(c), 0, 1)) for c in colors]
    return min(float(np.linalg.norm(a - b)) for a, b in combinations(seen, 2))


@themes
@pytest.mark.parametrize("kind", BLINDNESS)
def test_every_eye_tells_the_optimizers_apart(theme, kind):
    assert gaps([*theme.palette, theme.neutral], kind) >= 0.06
    usual = styles([Contender("momentum", b) for b in (0, 0.3, 0.5, 0.7, 0.9)], theme)
    assert gaps([style.color for style in usual], kind) >= 0.1


@themes
def test_the_usual_race_is_told_apart_in_grey(theme):
    """CIE L*, of which 2.3 is just noticed."""
    usual = styles([Contender("momentum", b) for b in (0, 0.3, 0.5, 0.7, 0.9)], theme)
    grey = sorted(116 * np.cbrt(luminance(style.color)) - 16 for style in usual)
    assert np.diff(grey).min() >= 5


@given(contenders=LISTS, place=st.integers(0, 7), other=st.builds(Contender, RULE, BETAS))
def test_a_changed_contender_keeps_its_colour_and_changes_no_other(contenders, place, other):
    place %= len(contenders)
    changed = [*contenders[:place], other, *contenders[place + 1 :]]
    for theme in THEMES.values():
        before, after = styles(contenders, theme), styles(changed, theme)
        same = [a.color == b.color and a.symbol == b.symbol
                for a, b in zip(before, after, strict=True)]  # fmt: skip
        assert all(same[:place])
        assert all(same[place + 1 :])
        assert same[place] == (contenders[place].is_sgd == other.is_sgd)


@given(contenders=LISTS, added=st.builds(Contender, RULE, BETAS))
def test_an_added_or_hidden_contender_changes_no_colour(contenders, added):
    for theme in THEMES.values():
        assert styles([*contenders, added], theme)[:-1] == styles(contenders, theme)


def test_a_place_has_the_same_symbol_in_every_theme():
    for places in zip(*(styles(EIGHT, theme) for theme in THEMES.values()), strict=True):
        assert len({style.symbol for style in places}) == 1


@given(contenders=LISTS)
def test_sgd_is_always_the_neutral_and_nothing_else_is(contenders):
    for theme in THEMES.values():
        for contender, style in zip(contenders, styles(contenders, theme), strict=True):
            assert (style.color == theme.neutral) == contender.is_sgd
            assert (style.symbol == "circle") == contender.is_sgd


@given(contenders=LISTS)
def test_colour_and_symbol_tell_contenders_apart(contenders):
    for theme in THEMES.values():
        drawn = [s for c, s in zip(contenders, styles(contenders, theme), strict=True)
                 if not c.is_sgd]  # fmt: skip
        assert len({s.color for s in drawn}) == len({s.symbol for s in drawn}) == len(drawn)


def test_every_rule_has_its_own_dash():
    dashes = [rule.dash for rule in RULES.values()]
    assert len(set(dashes)) == len(dashes)
    assert all(re.fullmatch(r"solid|\d+px(,\d+px)+", dash) for dash in dashes)


def test_a_chip_tells_a_rule_by_the_nearest_border():
    borders = {rule.name: border_style(rule.dash) for rule in RULES.values()}
    assert borders["momentum"] == "solid"
    assert (borders["nesterov"], borders["adam"]) == ("dashed", "dotted")
    assert set(borders.values()) == {"solid", "dashed", "dotted"}


@themes
def test_the_style_sheet_names_every_colour_of_the_theme(theme):
    block = re.search(rf'\[data-theme="{theme.name}"\] \{{(.*?)\}}', css_variables(), re.S)
    assert block is not None
    for color in (*theme.palette, *theme.palette_text, theme.neutral, theme.paper, theme.accent):
        assert f": {color};" in block[1]
