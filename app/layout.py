"""The page's layout (header, control rail, headline, tabs) as a function of the query.

The first response already contains the figures of the query's experiment.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from urllib.parse import quote

import dash_mantine_components as dmc
from dash import Dash, dcc, html
from flask import current_app, has_request_context, request

from app import ids
from app.components.about import intro
from app.components.attributes import attributes
from app.components.cache_control import mark_uncacheable
from app.components.client_config import CONFIG, PRELOADS
from app.components.controls import edit, props, rail, segments
from app.components.dialogs import dialogs, openers
from app.lessons.records import hidden_graphs
from app.render.page import RenderedPage, render
from app.state.page_state import State, read, resolve_theme, write
from app.state.page_title import NAME, page_title
from app.state.view import LESSONS_TAB
from app.state.work_budget import clamp_to_budget
from app.tabs.registry import LAZY, PLOTS, TAB_MODULES
from app.theme import FONT, LIGHT, THEMES, css_variables
from simulation.model.experiment import PARAMETERS
from simulation.model.query import Repair
from simulation.presets import PRESETS

_MANTINE = {
    "fontFamily": FONT,
    "primaryColor": "accent",
    "colors": {"accent": ["var(--accent)"] * 10},
    "defaultRadius": "sm",
    "respectReducedMotion": True,
    "fontSizes": {"xs": "var(--control-size)"},
}


def icon() -> str:
    """Return the page's icon, a saddle, as a data URI, which needs no request."""
    low, high, over = LIGHT.relief_line, LIGHT.palette[4], LIGHT.palette[1]
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" fill="none" stroke-width="2">'
        f'<path stroke="{low}" d="M1 5C5 9 11 9 15 5"/>'
        f'<path stroke="{high}" d="M3 14C5 5 11 5 13 14"/>'
        f'<circle cx="8" cy="7.5" r="1.6" fill="{over}"/></svg>'
    )
    return f"data:image/svg+xml,{quote(svg)}"


INDEX = f"""<!DOCTYPE html>
<html lang="en">
<head>
{{%metas%}}
<title>{{%title%}}</title>
<link rel="icon" href="{icon()}">
<!--PRELOADED-->
{{%css%}}
{PRELOADS}
<style>
{css_variables()}</style>
</head>
<body>
{{%app_entry%}}
{{%config%}}
{CONFIG}
{{%scripts%}}
{{%renderer%}}
</body>
</html>
"""
"""Dash's HTML template, with the theme's CSS variables."""

# Dash requests these scripts only when its first plot is mounted; they are most of the bytes.
PRELOADED = ("plotly/package_data/plotly.min.js", "dash/dcc/async-graph.js")


def index(app: Dash) -> str:
    """Return INDEX with preload links for the scripts of the plots."""
    suites = f"{app.config.requests_pathname_prefix}_dash-component-suites"
    links = (
        f'<link rel="preload" as="script" fetchpriority="low" href="{suites}/{path}">'
        for path in PRELOADED
    )
    return INDEX.replace("<!--PRELOADED-->", "\n".join(links))


def layout() -> dmc.MantineProvider:
    """Return the page for the current request; the default page outside a request."""
    return page(request.query_string.decode("utf-8", "replace") if has_request_context() else "")


def _frame_ancestors() -> str:
    """Return the server's FRAME_ANCESTORS; outside a request the default."""
    return str(current_app.config["FRAME_ANCESTORS"]) if has_request_context() else "'self'"


def page(text: str) -> dmc.MantineProvider:
    """Return the page for a query string."""
    state, repairs = read(text, tuple(TAB_MODULES))
    state, lowered = clamp_to_budget(state)
    theme = resolve_theme(text)
    drawing = render(state, theme)
    if has_request_context() and hasattr(TAB_MODULES.get(state.view.tab), "progress"):
        mark_uncacheable()
    return dmc.MantineProvider(
        html.Div(
            [
                html.A("Skip to the plots", href=f"#{ids.PLOTS}", className="skip-link"),
                *_stores(state, theme, drawing),
                *dialogs(PLOTS, len(TAB_MODULES), _frame_ancestors()),
                _whole_page(state, theme),
                dmc.Tabs(
                    [_header(), _body(state, theme, drawing, repairs + lowered)],
                    id=ids.TABS, value=state.view.tab or next(iter(TAB_MODULES)), keepMounted=False,
                    variant="default", className="shell",
                ),
            ],
            id=ids.PAGE, **shell_props(state, theme)[ids.PAGE],
        ),
        id=ids.PROVIDER, forceColorScheme=scheme(theme), theme=_MANTINE,
    )  # fmt: skip


def scheme(theme: str) -> str:
    """Return Mantine's colour scheme for a theme."""
    return "dark" if theme == "dark" else "light"


@lru_cache(maxsize=8)
def shell_props(state: State, theme: str) -> dict[str, dict[str, Any]]:
    """Return the props of the shell for a state: component id → props."""
    return {
        ids.LOOK: {"data": theme},
        ids.TITLE: {"data": title_of(state)},
        ids.PAGE: {"className": _page_classes(state)},
        ids.WHOLE_PAGE: {
            "hidden": not state.view.layout_mode,
            "href": f"?{write(state.with_view(layout_mode=''))}",
        },
        ids.PROVIDER: {"forceColorScheme": scheme(theme)},
        ids.TABS: {"value": state.view.tab or next(iter(TAB_MODULES))},
    }


def title_of(state: State) -> str:
    """Return the title of the window."""
    module = TAB_MODULES.get(state.view.tab)
    return page_title(state, module.TITLE if module else "")


def _page_classes(state: State) -> str:
    """Return the page's classes: a link's layout, and the plots that Lessons leaves out."""
    layout_mode = [f"view-{state.view.layout_mode}"] if state.view.layout_mode else []
    graphs = hidden_graphs() if state.view.tab == LESSONS_TAB else ()
    if state.lesson:
        graphs = state.lesson.hidden_graphs
    return " ".join(["page", *layout_mode, *(f"without-{graph}" for graph in graphs)])


def _stores(state: State, theme: str, drawing: RenderedPage) -> list[dcc.Store]:
    shown = props(state, theme) | shell_props(state, theme) | dict(drawing.props)
    return [
        dcc.Store(id=ids.QUERY, data=write(state)),
        dcc.Store(id=ids.LOOK, data=theme),
        dcc.Store(id=ids.TITLE, **shown[ids.TITLE]),
        dcc.Store(id=ids.LOOKS, data=dict(drawing.fingerprints)),
        dcc.Store(id=ids.MOMENTS, data=dict(drawing.cursor_data)),
        dcc.Store(id=ids.SHOWN, data=shown),
        *(dcc.Store(id=ids.due(tab)) for tab in TAB_MODULES),
    ]


def _header() -> html.Header:
    tabs = [dmc.TabsTab(module.TITLE, value=key) for key, module in TAB_MODULES.items()]
    return html.Header(
        [
            html.H1(NAME, className="brand"),
            dmc.TabsList(tabs, className="tabs"),
            html.Div([_presets(), _themes(), *openers()], className="tools"),
        ],
        className="header",
    )


def _presets() -> dmc.Menu:
    items = [
        dmc.MenuItem(
            [html.Div(preset.title, className="item-title"),
             html.Div(preset.description, className="item-text")],
            id=ids.preset(i), **edit(preset=i),
        )
        for i, preset in enumerate(PRESETS)
    ]  # fmt: skip
    target = dmc.MenuTarget(dmc.Button("Experiments", size="compact-sm", variant="subtle"))
    return dmc.Menu([target, dmc.MenuDropdown(items, className="long-menu")], id=ids.PRESETS,
                    width=340, shadow="md", position="bottom-end",
                    transitionProps={"duration": 0})  # fmt: skip


def _themes() -> dmc.Menu:
    items = [dmc.MenuItem(theme.capitalize(), **edit(theme=theme)) for theme in THEMES]
    system = dmc.MenuItem("As the system", **edit(theme=""))
    present = dmc.MenuItem("Present", **edit(view="present"))
    parts = [system, *items, dmc.MenuDivider(), present]
    target = dmc.MenuTarget(dmc.Button("Theme", size="compact-sm", variant="subtle"))
    return dmc.Menu([target, dmc.MenuDropdown(parts)], id=ids.THEME,
                    width=180, shadow="md", position="bottom-end",
                    transitionProps={"duration": 0})  # fmt: skip


def _body(state: State, theme: str, drawing: RenderedPage, repairs: list[Repair]) -> html.Div:
    """Return the page's body: the side column with lesson and controls, and the main column."""
    said = attributes(aria_label="Lesson and controls")
    parts = [*_panels(drawing, beside=True), rail(state, theme)]
    side = html.Aside(parts, className="side", **said)
    return html.Div([side, _main(drawing, repairs)], className="body")


def _panels(drawing: RenderedPage, beside: bool) -> list[dmc.TabsPanel]:
    return [
        dmc.TabsPanel(
            module.layout(drawing),
            id=ids.panel(key),
            value=key,
            className="beside" if beside else "panel",
            keepMounted=key not in LAZY,
        )
        for key, module in TAB_MODULES.items()
        if getattr(module, "BESIDE", False) == beside
    ]


def _main(drawing: RenderedPage, repairs: list[Repair]) -> html.Main:
    panels = _panels(drawing, beside=False)
    said = [intro(), _reading(drawing), _race(drawing), _notice(repairs)]
    return html.Main([*said, *panels], id=ids.PLOTS, className="main", tabIndex="-1")


def _race(drawing: RenderedPage) -> html.Div:
    """Return the switch of what is held fixed and the steps to escape per contender."""
    hold = segments(PARAMETERS["hold"], props(drawing.state, drawing.theme))
    named = attributes(aria_label="The race: steps to escape, times faster, and the price")
    counts = html.Ul(id=ids.RACE, className="race", **named, **drawing.props[ids.RACE])
    return html.Div([hold, counts], className="race-strip")


def _whole_page(state: State, theme: str) -> html.Nav:
    """Return the link from a reduced layout to the whole page."""
    shown = shell_props(state, theme)[ids.WHOLE_PAGE]
    out = html.A("Open the whole page", id=ids.WHOLE_PAGE, target="_blank", rel="noopener",
                 className="whole-page", **shown)  # fmt: skip
    return html.Nav(out, **attributes(aria_label="The whole page"))


def _reading(drawing: RenderedPage) -> html.Div:
    """Return the headline, announced to screen readers, with its figures in large type."""
    live = attributes(aria_live="polite")
    return html.Div(id=ids.READING, className="reading", **live, **drawing.props[ids.READING])


def _notice(repairs: list[Repair]) -> html.Div:
    """Return the notice with one sentence per repair of the query; hidden if there is none."""
    text = " ".join(f"{repair}." for repair in repairs)
    return html.Div(
        [
            html.Span(text, id=ids.NOTICE_TEXT),
            html.Button(
                "×", id=ids.NOTICE_CLOSE, type="button", className="chip-tool", title="Dismiss",
                **attributes(aria_label="Dismiss", data_dismiss=ids.NOTICE),
            ),
        ],
        id=ids.NOTICE, className="notice", role="status", hidden=not repairs,
    )  # fmt: skip
