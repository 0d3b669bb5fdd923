"""Choose β: the advice in words and the figures follow the numbers; the time bar's payload too."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

from app import ids
from app.figures.typed_arrays import untyped
from app.render.page import render
from app.state.page_state import State, read, write
from app.state.sliders import SLIDERS
from app.storage import compute
from app.tabs.choose import figures
from app.tabs.choose.advice import GLOSSES, advice, torch_line
from app.tabs.choose.text import PLAIN, mark_label, note, summary_texts
from app.tabs.registry import TAB_MODULES
from app.text.numbers import beta_text, ratio
from app.theme import LIGHT, THEMES
from simulation.model.experiment import PARAMETERS, Experiment
from simulation.results.beta_choice import BUDGET
from tests.app.test_properties import cells
from tests.marks import CORE_LANDSCAPES, every_landscape

pytestmark = pytest.mark.usefixtures("results_are_kept")
RUNS = [*(f"landscape={name}" for name in CORE_LANDSCAPES), "landscape=quadratic&hold=effective",
        "landscape=quadratic&hold=stability"]  # fmt: skip
everywhere = pytest.mark.parametrize("text", RUNS)


def seen(text: str, budget: float = 100.0):
    return compute.choices(read(text)[0].experiment, budget)


@everywhere
def test_figures_are_plain_and_hold_the_numbers(text: str) -> None:
    choice = seen(text)
    drawn = figures.figures(choice, LIGHT)
    assert "NaN" not in json.dumps(drawn)
    for graph, kind, values in (
        ("choose-time", "law", choice.escape[:, 1]),
        ("choose-price", "price", choice.price),
    ):
        trace = next(t for t in drawn[graph]["data"] if t["meta"]["kind"] == kind)
        assert np.array_equal(untyped(trace["y"]), values.astype(np.float32), equal_nan=True)
    uprights = drawn["choose-time"]["layout"]["shapes"]
    assert len(uprights) == max(len(choice.marks) - 1, 0)


@everywhere
def test_every_number_of_the_advice_is_the_choice_s(text: str) -> None:
    choice = seen(text)
    take, supposed, why = advice(choice)
    if choice.advised < 0:
        assert choice.no_guidance in why
        return
    mark = choice.marks[choice.advised]
    assert beta_text(mark.momentum) in take
    assert mark.speed_up < 1.05 or ratio(mark.speed_up) in why
    if mark.speed_up >= 1.05 and mark.price > 1.01:  # a price that is never left unsaid
        assert f"{ratio(mark.price)}×" in supposed
    assert ("faster than SGD" in why) <= (choice.by_law or mark.speed_up < 1.05)


@everywhere
def test_the_gains_are_called_what_they_are(text: str) -> None:
    choice = seen(text)
    if not choice.marks:
        return
    state = read(f"{text}&tab=choose")[0]
    made, note = TAB_MODULES["choose"].props(state, "light")[ids.CHOOSE_TABLE]["children"]
    assert ("faster" in cells(made.children[1])) == choice.by_law
    assert ("rate gain" in cells(made.children[1])) != choice.by_law
    own = choice.paths not in (1, choice.experiment.paths)
    assert (f"{choice.paths} paths of their own" in note.children) == own


def test_no_two_numbers_of_the_page_share_a_letter() -> None:
    letters = [s.symbol for s in SLIDERS.values() if s.symbol] + [PARAMETERS["batch"].symbol]
    assert BUDGET.symbol in letters
    assert letters.count(BUDGET.symbol) == 1


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda t: t.name)
def test_a_note_stays_inside_the_narrowest_plot(theme) -> None:
    drawn = figures.figures(seen("landscape=quadratic"), theme)["choose-time"]
    text = drawn["layout"]["annotations"][0]["text"]
    room = figures.PLOT_WIDTH / theme.small / figures.NOTE_CHARACTER
    assert max(map(len, text.split("<br>"))) <= room


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda t: t.name)
@pytest.mark.parametrize("race", ["", "&run=0,0.3,0.9", "&run=0,0.3,0.5,0.7,0.9,0.95,0.97,0.99"])
@pytest.mark.parametrize("landscape", ["toy", "quadratic"])
def test_each_contender_is_named_inside_the_plot_and_none_over_another(
    landscape, race, theme
) -> None:
    choice = seen(f"landscape={landscape}{race}")
    drawn = figures.figures(choice, theme)["choose-time"]
    low, high = drawn["layout"]["yaxis"]["range"]
    names = next(t for t in drawn["data"] if t["meta"]["kind"] == "names")
    at = (np.log10(untyped(names["y"])) - low) / (high - low) * figures.PLOT_HEIGHT
    assert at.max() + 0.6 * theme.small <= figures.PLOT_HEIGHT
    assert np.diff(np.sort(at)).min() >= 1.2 * theme.small
    settle = next(t for t in drawn["data"] if t["meta"]["kind"] == "settling")
    named = untyped(settle["y"])[[bool(text) for text in settle["text"]]]
    top = (np.log10(named) - low) / (high - low) * figures.PLOT_HEIGHT + 1.2 * theme.small
    assert (top <= figures.PLOT_HEIGHT).all()


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda t: t.name)
def test_the_prices_on_the_axis_keep_apart(theme) -> None:
    axis = figures.figures(seen("landscape=quadratic"), theme)["choose-price"]["layout"]["yaxis"]
    low, high = axis["range"]
    rows = np.diff(np.log10(axis["tickvals"])) / (high - low) * figures.PRICE_HEIGHT
    assert rows.min() >= 1.1 * theme.small


def test_the_advice_changes_with_the_budget() -> None:
    taken = [advice(seen("landscape=quadratic", b)) for b in (1.0, 5.0, 1000.0)]
    assert len(set(taken)) == 3


def test_the_line_for_pytorch_says_the_advised_optimizer() -> None:
    choice = seen("landscape=quadratic&eta=0.02")
    found = re.fullmatch(r"torch\.optim\.SGD\(params, lr=(\S+), momentum=(\S+)\)",
                         torch_line(choice))  # fmt: skip
    assert found
    assert float(found[1]) == 0.02
    assert float(found[2]) == pytest.approx(choice.marks[choice.advised].momentum, abs=1e-3)


WITHOUT_ADVICE = (
    "landscape=monkey&run=0,0.3,0.9", "landscape=phase-retrieval&run=0,0.9",
    "landscape=quadratic&w0=0,2&run=0.9", "landscape=quadratic&eta=3&T=100&run=0,0.9",
    "landscape=quadratic&noise=none&w0=0,0&run=0,0.9",
)  # fmt: skip


@pytest.mark.parametrize("text", ["landscape=quadratic&run=0,0.9", *WITHOUT_ADVICE])
def test_a_line_is_copied_only_with_an_advice(text: str) -> None:
    shown = TAB_MODULES["choose"].props(read(f"{text}&tab=choose")[0], "light")
    given = text not in WITHOUT_ADVICE
    assert (shown[ids.CHOOSE_ADVICE]["children"] == ["No advice here."]) != given
    assert shown[ids.CHOOSE_COPY]["hidden"] != given
    assert bool(shown[ids.CHOOSE_CODE]["children"]) == given


def rows(text: str, chosen: int) -> list[str]:
    """The rows of the table, in words."""
    state = read(f"{text}&tab=choose")[0].with_view(selected=chosen)
    (made, _) = TAB_MODULES["choose"].props(state, "light")[ids.CHOOSE_TABLE]["children"]
    return [cells(row) for row in made.children[2].children]


@pytest.mark.parametrize("beta", ["0.9", "0.97", "nesterov:0.9"])
def test_the_table_has_a_row_for_the_beta_that_is_chosen(beta: str) -> None:
    text = f"landscape=quadratic&run=0,{beta}&budget=30"
    choice = seen(text)
    mine = [row for row in rows(text, 1) if row.endswith("now")]
    assert len(mine) == 1
    mark = choice.racing[1]
    assert mark.name in mine[0]
    assert beta.startswith("nesterov") or f"{ratio(mark.speed_up)}×" in mine[0]
    assert len(rows(text, 1)) == len(choice.marks) + 1


def test_a_chosen_beta_that_is_a_mark_has_the_mark_s_row() -> None:
    text = "landscape=quadratic&run=0,0.99&budget=100"
    for chosen, name in enumerate(("SGD", "noise cap")):
        found = rows(text, chosen)
        assert len(found) == len(seen(text).marks)
        assert [name in row for row in found] == [row.endswith("now") for row in found]


@everywhere
def test_every_mark_is_explained(text: str) -> None:
    assert {mark.name for mark in seen(text).marks} <= set(GLOSSES)


@pytest.mark.parametrize("landscape", every_landscape())
def test_a_plot_without_a_curve_says_why(landscape: str) -> None:
    choice = seen(f"landscape={landscape}")
    price = figures.figures(choice, LIGHT)["choose-price"]
    said = " ".join(note["text"] for note in price["layout"]["annotations"]).replace("<br>", " ")
    assert (choice.no_price or "dotted: ") in said
    curve = next(t for t in price["data"] if t["meta"]["kind"] == "price")
    assert np.isfinite(untyped(curve["y"])).any() == (not choice.no_price)


@pytest.mark.parametrize("query", ["", "eta=10", "landscape=monkey", "landscape=quadratic&eta=3"])
def test_the_law_is_named_where_it_gives_a_time(query: str) -> None:
    choice = seen(query)
    is_drawn = bool(np.isfinite(choice.escape[:, 1]).any())
    assert ("no exact law here" in note(choice)) is not is_drawn
    assert ("is drawn as a line" in summary_texts(choice)[ids.CHOOSE_TIME]) is is_drawn


@pytest.mark.parametrize("query", ["landscape=quadratic&eta=10", "landscape=quadratic&eta=0.01"])
def test_a_plot_of_paths_that_all_diverge_says_so(query: str) -> None:
    choice = seen(query)
    drawn = figures.figures(choice, LIGHT)["choose-time"]["layout"]["annotations"]
    said = any("most paths diverge" in note["text"] for note in drawn)
    assert said == all(np.isnan(e.median) or np.isinf(e.median) for e in choice.measured)
    assert said == choice.diverges.all()


@pytest.mark.parametrize("landscape", every_landscape())
def test_a_budget_is_asked_for_only_where_there_is_a_price(landscape: str) -> None:
    state = read(f"landscape={landscape}&tab=choose")[0]
    hidden = TAB_MODULES["choose"].props(state, "light")[ids.CHOOSE_BUDGET]["hidden"]
    assert hidden == bool(seen(f"landscape={landscape}").no_price)


def test_budget_and_step_travel_in_the_address() -> None:
    state, repairs = read("budget=30&t=0")
    assert not repairs
    assert (state.budget, state.cursor_step) == (30, 0)
    assert write(state) == "budget=30&t=0"
    assert read("T=1000&t=5000")[0].cursor_step == 1000


def test_the_arrows_of_a_drag_are_those_of_the_whole_payload() -> None:
    state = State(Experiment(landscape="quadratic", steps=2000)).with_view(cursor_step=700)
    whole, alone = render(state, "light").cursor_data, render(state, "light", drag=True).cursor_data
    k, count = alone["first"], len(state.experiment.contenders)
    for name in ("momentum", "gradient"):
        rows = untyped(whole[name]).reshape(count, -1, 2)
        assert np.array_equal(untyped(alone[name]).reshape(count, 2), rows[:, k])


def test_each_mark_is_named_in_plain_words_and_the_advised_one_is_marked() -> None:
    for text in ("landscape=quadratic", "landscape=quadratic&hold=effective", "landscape=toy"):
        choice = seen(text)
        notes = figures.figures(choice, LIGHT)["choose-time"]["layout"]["annotations"][1:]
        said = {note["text"]: note["x"] for note in notes}
        marks = [(i, mark) for i, mark in enumerate(choice.marks) if mark.name != "SGD"]
        assert len(said) == len(marks)
        for i, mark in marks:
            label = mark_label(choice, i)
            assert PLAIN[mark.name] in label
            assert beta_text(mark.momentum) in label
            assert ("take this" in label) == (i == choice.advised)
            assert said[label] == pytest.approx(np.log10(1 / (1 - mark.momentum)))


@pytest.mark.parametrize("budget", [2.0, 10.0, 1000.0])
@pytest.mark.parametrize("eta", [0.001, 0.01, 0.3])
def test_a_beta_that_settles_slower_than_sgd_is_said_to(eta: float, budget: float) -> None:
    """The decay per step is the larger root of the recursion along λ = 1, in size."""
    choice = seen(f"landscape=quadratic&eta={eta}", budget)
    slow = []
    for mark in choice.marks:
        roots = np.abs(np.roots([1, eta - 1 - mark.momentum, mark.momentum]))
        slow.append(float(np.log(1 - eta) / np.log(roots.max())) > 1.05)
    state = read(f"landscape=quadratic&eta={eta}&budget={budget}&tab=choose")[0]
    made, note = TAB_MODULES["choose"].props(state, "light")[ids.CHOOSE_TABLE]["children"]
    named = {m.name: s for m, s in zip(choice.marks, slow, strict=True)}
    for row in made.children[2].children:
        said = cells(row)
        for name, late in named.items():
            if said.startswith(name):
                assert ("▲" in said) == late
    assert ("slower than SGD" in advice(choice)[2]) == slow[choice.advised]
    assert any(slow) <= ("▲ slower than SGD" in note.children)
