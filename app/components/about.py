"""What the page is about: a line over the headline of Explore, and the first part of a dialog."""

from __future__ import annotations

from typing import Any

from dash import html

from app import ids
from app.components.attributes import attributes
from app.components.controls import edit
from simulation.version import __version__

PAPER = "Escaping Saddle Points Faster with Stochastic Momentum"
AUTHORS = "Wang, Lin & Abernethy"
PAPER_URL = "https://arxiv.org/abs/2106.02985"
FIRST_LESSON = "?tab=lessons&lesson=1"


def intro() -> html.P:
    """Return one line: what is being escaped, why, after which paper, and where to start."""
    more = html.Span(", where the gradient is almost zero", className="if-wide")
    return html.P(
        [
            html.Span(["Training stalls at saddle points", more,
                       ". How much faster does momentum escape, and at what cost?"]),
            html.Span(
                ["Paper: ", _paper([AUTHORS, html.Span(", ICLR 2020", className="if-wide")])]
            ),
            _first_lesson("Start with lesson 1"),
        ],
        id=ids.INTRO, className="intro",
    )  # fmt: skip


def about() -> html.Section:
    """Return the text of the dialog: the subject, what one sees, the paper, the first lesson."""
    return html.Section(
        [
            html.P("At a saddle point the gradient is zero, but the point is no minimum: the "
                   "ground falls away in at least one direction. Training that comes near one is "
                   "slow, for there is hardly a slope to follow; a plateau of a training curve is "
                   "often a saddle."),
            html.P("Here optimizers race away from one saddle, from the same start and on the same "
                   "noise. The page counts the steps until each has escaped, and sets the exact "
                   "law beside them: how much faster momentum is, what that costs in noise, when "
                   "it is not faster, and which β to use."),
            html.P(["The toy saddle, phase retrieval and the properties are those of ",
                    _paper([f"Wang, Lin, Abernethy: {PAPER}, ICLR 2020"]), "."]),
            html.P(["New here? ",
                    _first_lesson("Start with lesson 1", data_closes=ids.SHORTCUTS_DIALOG),
                    f". Saddlescape {__version__}: the address bar holds the whole experiment, and "
                    "whoever opens it sees the same numbers."]),
        ],
        className="about",
    )  # fmt: skip


def _paper(text: list[Any]) -> html.A:
    return html.A(text, href=PAPER_URL, target="_blank", rel="noopener", title=PAPER,
                  className="text-link")  # fmt: skip


def _first_lesson(text: str, **marks: str) -> html.A:
    return html.A(text, href=FIRST_LESSON, className="text-link", **edit(lesson=1),
                  **attributes(**marks))  # fmt: skip
