"""The dialogs: share, export, about and keys; their contents are updated when they open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from app import ids
from app.components.about import about
from app.components.attributes import attributes
from app.components.local_note import frame_note, local_note
from app.components.shortcut_switch import shortcut_switch
from app.state.view import HIDEABLE

_VIEWS = (("", "Whole page"), ("present", "Presenter"), ("embed", "Embedded"))


def shortcut_keys(tabs: int) -> dict[str, str]:
    """Return key → its action (assets/modules/keyboard.mjs), for a number of tabs."""
    return {
        "?": "about, and these keys",
        f"1 … {tabs}": "the tabs, in their order",
        "Space": "play, pause",
        "Home": "to the start of time; in a slider: its lower end",
        ",": "one recorded step back",
        ".": "one recorded step on",
        "f": "to the next escape",
        "h": "on an optimizer: hide or show it in the plots",
        "s": "share",
        "t": "export",
        "d": "the next theme",
        "n, p": "the next, the previous lesson",
        "r": "reveal a lesson's answer",
        "Esc": "close a dialog, leave a link's own view",
        "← →": "in a slider: one step; Shift, Page Up or Page Down: ten",
        "← → ↑ ↓": "on the maps of Sweep: from cell to cell",
        "Home, End": "in a slider: its ends; on the maps of Sweep: the ends of the row",
        "Enter": "on the maps of Sweep: open the cell in Explore",
        "Tab": "from control to control",
    }  # fmt: skip


def openers() -> list[dmc.Button]:
    """Return the buttons that open the dialogs."""
    return [
        _opener(ids.SHARE, "Share"),
        _opener(ids.TAKE, "Export"),
        _opener(ids.SHORTCUTS, "?", aria_label="About and keys"),
    ]


def _opener(name: str, text: str, **named: str) -> dmc.Button:
    return dmc.Button(text, id=name, size="compact-sm", variant="subtle", **attributes(**named))


def dialogs(plots: Mapping[str, str], tabs: int, ancestors: str) -> list[Any]:
    """Return the three dialogs, closed.

    plots: graph id → name of its file; Export offers those that are on the screen
    (assets/modules/share.mjs). tabs: how many there are. ancestors: see `frame_note`.
    """
    return [
        dcc.Store(id=ids.SHARE_EMBED),
        _dialog(ids.SHARE_DIALOG, "Share this experiment", _share(ancestors)),
        _dialog(ids.TAKE_DIALOG, "Export", _take(plots)),
        _dialog(
            ids.SHORTCUTS_DIALOG,
            "About and keys",
            [about(), html.H3("Keys"), shortcut_switch(), _shortcuts(tabs)],
        ),
    ]


def _dialog(name: str, title: str, children: list[Any]) -> dmc.Modal:
    close = attributes(aria_label="Close")
    return dmc.Modal(children, id=name, title=title, size="lg", keepMounted=True,
                     closeButtonProps=close, className="dialog",
                     transitionProps={"duration": 0})  # fmt: skip


def _share(ancestors: str) -> list[Any]:
    views = [{"value": value or "page", "label": label} for value, label in _VIEWS]
    boxes = [dmc.Checkbox(label=label, value=key, size="xs") for key, label in HIDEABLE.items()]
    return [
        local_note(),
        _line(ids.SHARE_LINK, "Link", ids.SHARE_SAID),
        html.Div(
            [
                _code(),
                html.Div(
                    [
                        html.H3("It opens as"),
                        dmc.SegmentedControl(id=ids.SHARE_VIEW, data=views, value="page",
                                             size="xs", **attributes(aria_label="View")),
                        html.H3("Controls to leave out"),
                        dmc.CheckboxGroup(html.Div(boxes, className="boxes"), id=ids.SHARE_HIDE,
                                          value=[], **attributes(aria_label="Controls to hide")),
                    ],
                    className="choices",
                ),
            ],
            className="share",
        ),
        _line(ids.SHARE_FRAME, "To embed it in a page", ids.SHARE_SAID),
        frame_note(ancestors),
        _said(ids.SHARE_SAID),
    ]  # fmt: skip


def _code() -> html.Button:
    """Return the QR code; a click shows it in the whole window (assets/modules/share.mjs)."""
    image = html.Img(id=ids.SHARE_CODE, alt="QR code of the link", className="qr")
    return html.Button(image, type="button", title="In the whole window", className="qr-button")


def _line(name: str, label: str, said: str) -> html.Div:
    """Return a read-only line with a Copy button."""
    field = dmc.TextInput(id=name, label=label, readOnly=True, size="sm", className="line")
    button = dmc.Button("Copy", size="sm", variant="light",
                        **attributes(data_copy=name, data_said=said,
                                     aria_label=f"Copy: {label}"))  # fmt: skip
    return html.Div([field, button], className="copy-line")


def _said(name: str) -> html.P:
    """Return the element that shows the result of the last click."""
    return html.P(id=name, className="said", role="status")


def _take(plots: Mapping[str, str]) -> list[Any]:
    rows = [html.Tr([html.Th(label, scope="row"),
                     *(html.Td(_image(graph, label, kind)) for kind in ("png", "svg"))],
                    hidden=True, **attributes(data_plot=graph))
            for graph, label in plots.items()]  # fmt: skip
    return [
        html.H3("The run as numbers"),
        html.P([_data("csv"), _data("npz"), _data("json")], className="row"),
        html.H3("The plots"),
        html.P("As shown: with the current zoom and, if there is a time bar, at its step.",
               hidden=True, **attributes(data_plots="some")),
        html.P("No plot is drawn on this tab.", hidden=True, **attributes(data_plots="none")),
        html.Table([html.Caption("Plots as files", className="for-readers"), html.Tbody(rows)],
                   className="files"),
        html.H3("The run as a stand-alone script"),
        html.P("It uses the same random numbers and agrees with the plots to 1e-9, unless the run "
               "is chaotic: then rounding errors grow until the paths part."),
        html.P([_script("numpy", "NumPy"), _script("torch", "PyTorch")], className="row"),
        _said(ids.TAKE_SAID),
    ]  # fmt: skip


def _data(kind: str) -> html.A:
    return html.A(kind.upper(), href="#", className="file", **attributes(data_format=kind))


def _image(graph: str, label: str, kind: str) -> html.Button:
    named = attributes(data_image=kind, data_graph=graph, aria_label=f"{label} as {kind.upper()}")
    return html.Button(kind.upper(), type="button", className="file", **named)


def _script(library: str, name: str) -> html.Span:
    copy = dmc.Button(f"Copy as {name}", size="compact-sm", variant="light",
                      **attributes(data_script=library, data_said=ids.TAKE_SAID))  # fmt: skip
    save = html.A(
        "save",
        href="#",
        className="file",
        **attributes(data_saves=library, aria_label=f"Save the {name} script"),
    )
    return html.Span([copy, save], className="script")


def _shortcuts(tabs: int) -> html.Table:
    rows = [html.Tr([html.Th(html.Kbd(key), scope="row"), html.Td(does)])
            for key, does in shortcut_keys(tabs).items()]  # fmt: skip
    caption = html.Caption("Keyboard shortcuts", className="for-readers")
    return html.Table([caption, html.Tbody(rows)], className="files")
