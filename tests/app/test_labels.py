"""Laws of placing names: apart, in order, inside, and nowhere further than needed."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.figures.label_layout import spread

WISHES = st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=8)


@given(wishes=WISHES)
def test_names_never_cover_one_another_and_stay_inside(wishes):
    placed = spread(wishes, 20.0, -100.0, 100.0)
    assert np.diff(np.sort(placed)).min(initial=np.inf) >= 20 - 1e-9
    assert placed.min() >= -100 - 1e-9
    assert placed.max() <= 100 + 1e-9


@given(wishes=WISHES)
def test_names_keep_the_order_of_their_curves(wishes):
    placed = spread(wishes, 20.0, -100.0, 100.0)
    by_wish = placed[np.argsort(wishes, kind="stable")]
    assert (np.diff(by_wish) > 0).all()


@given(wishes=st.lists(st.integers(-4, 4), min_size=1, max_size=8, unique=True))
def test_names_with_room_stay_where_they_want(wishes):
    assert np.allclose(spread(np.array(wishes) * 20.0, 20.0, -100, 100), np.array(wishes) * 20.0)


@given(wishes=st.lists(st.floats(-80, 80), min_size=2, max_size=5), seed=st.integers(0, 999))
def test_no_other_lawful_placing_is_nearer(wishes, seed):
    """Least squares: moving towards any other feasible placing makes the sum of squares worse."""
    wanted = np.sort(wishes)
    placed = spread(wanted, 10.0, -100.0, 100.0)
    rng = np.random.default_rng(seed)
    room = 200 - 10 * (len(wanted) - 1)
    other = -100 + np.sort(rng.uniform(0, room, len(wanted))) + 10 * np.arange(len(wanted))
    near = placed + 1e-3 * (other - placed)
    assert ((near - wanted) ** 2).sum() >= ((placed - wanted) ** 2).sum() - 1e-6


def test_too_many_names_share_the_room_evenly():
    assert np.allclose(spread(np.zeros(5), 10, 0, 20), [0, 5, 10, 15, 20])
