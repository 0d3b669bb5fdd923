"""Random but valid experiments on every tab: what a reader asks for is always answered."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from app import ids
from app.components.tab_guard import BROKEN
from app.server import create_app
from app.settings import Settings
from app.tabs.choose import tab as choose_tab
from app.tabs.registry import TAB_MODULES
from tests.app import readers
from tests.marks import breadth

pytestmark = pytest.mark.long

CASES = settings(
    phases=[Phase.explicit, Phase.generate], database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
SEEDS = st.integers(0, 2**63)
# Starts beyond the escape radius; samples that the noise does not use; no way out; a folded view;
# a formula without a value at its own numbers.
FOUND = (
    "w0=0,0.5&T=1000", "landscape=quadratic&w0=0,1&T=1000", "landscape=quadratic&w0=0,2&T=1000",
    "landscape=monkey&w0=0.6,0.6&T=1000", "n=257&noise=gaussian&T=1000", "n=1000&noise=none&T=1000",
    "landscape=quadratic&eig=1,0&T=1000", "landscape=quadratic&eig=1,1&T=1000",
    "landscape=phase-retrieval&hold=stability&sd=1.064e-6,0&c=0.0004466,1&n=1&w0=0,0&T=2266&N=1",
    "landscape=muller-brown&noise=none&c=-0.003178,-0.01655&T=1034&N=1",
    "landscape=formula&f=y**3-abs(y**6)%2Btanh(x/b)&p=b:0&T=560&N=1",
)  # fmt: skip


@pytest.fixture(scope="module")
def app() -> Any:
    return create_app(Settings())


@pytest.fixture
def faults(caplog: pytest.LogCaptureFixture) -> Iterator[list[str]]:
    """What was logged as an exception while the test ran."""
    caplog.set_level(logging.ERROR)
    found: list[str] = []
    yield found
    found += [record.getMessage() for record in caplog.records if record.exc_info]
    assert not found


def assert_answered(app: Any, query: str, tab: str) -> None:
    get, post = readers.client(app)
    for answer in readers.answers(app, get, post, query, tab):
        assert answer.status in (200, 204), f"{answer.status} {answer.asked}\n{answer.said[-2000:]}"
        assert BROKEN not in answer.said, answer.asked


@pytest.mark.parametrize("tab", breadth(TAB_MODULES, ["choose", "sweep"]))  # the two that broke
@pytest.mark.parametrize("query", FOUND)
def test_odd_but_valid_experiments(app: Any, faults: list[str], query: str, tab: str) -> None:
    assert_answered(app, query, tab)


@pytest.mark.parametrize("tab", TAB_MODULES)
def test_any_valid_experiment(app: Any, faults: list[str], tab: str) -> None:
    @settings(CASES, max_examples=100 // len(TAB_MODULES) + 1)
    @given(SEEDS)
    def case(seed: int) -> None:
        assert_answered(app, readers.experiment(seed), tab)

    case()


@pytest.mark.slow
@pytest.mark.parametrize("tab", TAB_MODULES)
def test_many_valid_experiments(app: Any, faults: list[str], tab: str) -> None:
    @settings(CASES, max_examples=1000 // len(TAB_MODULES) + 1)
    @given(SEEDS)
    def case(seed: int) -> None:
        assert_answered(app, readers.experiment(seed), tab)

    case()


def test_the_interface_the_scripts_and_the_command(app: Any, faults: list[str]) -> None:
    @settings(CASES, max_examples=40)
    @given(SEEDS)
    def case(seed: int) -> None:
        query = readers.experiment(seed)
        run = 200 if readers.is_affordable(query) else 400  # the scripts have no budget
        for answer in readers.numbers(readers.client(app)[0], query):
            wanted = run if answer.asked.startswith("/api/v1/run") else 200
            assert answer.status == wanted, f"{answer.asked}\n{answer.said[-2000:]}"
            if "/script/" in answer.asked:
                compile(answer.said, answer.asked, "exec")
        answer = readers.command(query)
        assert answer.status == 0, answer

    case()


def test_a_tab_that_raises_says_one_sentence(
    app: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(choose_tab, "_props", broken)
    get, post = readers.client(app)
    answers = list(readers.answers(app, get, post, "T=100", choose_tab.KEY))
    assert [answer.status for answer in answers] == [200] * len(answers)
    said = [answer.asked for answer in answers if BROKEN in answer.said]
    assert len(said) == 4, said  # the layout, both edits, the fill; the shell and the rest are not
    assert all(ids.fault(choose_tab.KEY) in a.said for a in answers if BROKEN in a.said)
    assert any("choose" in record.getMessage() for record in caplog.records if record.exc_info)
    whole = [get(f"/_dash-layout?T=100&tab={tab}") for tab in TAB_MODULES if tab != choose_tab.KEY]
    assert all(status == 200 and BROKEN not in text for status, text in whole)
