"""A naive Dash page: one slider, the same engine, graph objects with NumPy arrays, one callback."""

from __future__ import annotations

import dash_mantine_components as dmc
import numpy as np
import plotly.graph_objects as go
from dash import Dash, Input, Output, dcc, html

from app import ids
from app.storage.compute import summary_of, terrain_of
from app.theme import LIGHT, styles
from simulation.model.contenders import Contender
from simulation.model.experiment import Experiment
from simulation.results.summary import Summary

STYLE = {"height": "30vh"}


def create_app() -> Dash:
    """The naive page; its slider moves β of the last of the five contenders."""
    app = Dash("naive")
    dice = html.Button("New seed", id="dice", **{"data-dice": "seed"})
    slider = dmc.Slider(id=ids.slider("beta"), min=0, max=4, step=0.01, value=1, updatemode="drag",
                        precision=3)  # fmt: skip
    graphs = [
        dcc.Graph(id=graph, style=STYLE, figure=figure)
        for graph, figure in zip(ids.GRAPHS, figures(1.0), strict=True)
    ]
    app.layout = dmc.MantineProvider(html.Div([slider, dice, *graphs]))
    outputs = [Output(graph, "figure") for graph in ids.GRAPHS]
    inputs = [Input(ids.slider("beta"), "value"), Input("dice", "n_clicks")]
    app.callback(outputs, inputs, prevent_initial_call=True)(figures)
    return app


def figures(position: float, clicks: int | None = None) -> list[go.Figure]:
    """Four figures at the slider's position, −log₁₀(1 − β); each click is another seed."""
    beta = round(1 - 10**-position, 6)
    race = (*(Contender("momentum", b) for b in (0.0, 0.3, 0.5, 0.7)), Contender("momentum", beta))
    experiment = Experiment(contenders=race, seed=1 + (clicks or 0))
    summary = summary_of(experiment)
    drawn = [
        landscape(summary),
        lines(summary, summary.distance.median, summary.law and summary.law.median, "log"),
        lines(summary, summary.correlation.median),
        lines(summary, summary.value.median),
    ]
    for figure in drawn:
        figure.layout.meta = {"beta": position}  # tells drag.js what is drawn
    return drawn


def landscape(summary: Summary) -> go.Figure:
    """A contour with the paths on it."""
    ground = terrain_of(summary.experiment)
    looks = styles(summary.experiment.contenders, LIGHT)
    figure = go.Figure(go.Contour(x=ground.x, y=ground.y, z=ground.value, showscale=False))
    for look, path in zip(looks, summary.lines[:, 0], strict=True):
        figure.add_trace(
            go.Scatter(x=path[:, 0], y=path[:, 1], name=look.name, line={"color": look.color})
        )
    return figure


def lines(
    summary: Summary, y: np.ndarray, law: np.ndarray | None = None, scale: str = "linear"
) -> go.Figure:
    """One line a contender, and the exact law over each."""
    figure = go.Figure(layout={"yaxis": {"type": scale}})
    looks = styles(summary.experiment.contenders, LIGHT)
    for i, look in enumerate(looks):
        line = {"color": look.color}
        figure.add_trace(go.Scatter(x=summary.steps, y=y[i], name=look.name, line=line))
        if law is not None:
            figure.add_trace(go.Scatter(x=summary.steps, y=law[i], line={"dash": "dot"}))
    return figure
