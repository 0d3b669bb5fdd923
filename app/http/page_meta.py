"""Title and meta tags of the HTML, from the query: what browsers, searches and previews show."""

from __future__ import annotations

from html import escape

from dash import Dash
from flask import has_request_context, request

from app.layout import title_of
from app.state.page_state import State, read
from app.state.page_title import NAME, page_description
from app.tabs.registry import TAB_MODULES

IMAGE = "preview.jpg"  # in assets/, 1200 × 630
IMAGE_SAYS = (
    "Paths from a saddle over a landscape; beside them the escape distance of each optimizer"
)


def install(app: Dash) -> None:
    """Write title and meta tags into the page's HTML."""
    plain = app.interpolate_index

    def interpolated(**parts: str) -> str:
        text = request.query_string.decode("utf-8", "replace") if has_request_context() else ""
        state, _ = read(text, tuple(TAB_MODULES))
        title = title_of(state)
        tags = meta_tags(state, title, app.get_asset_url(IMAGE))
        metas = f"{parts.pop('metas')}\n{tags}"
        told = parts | {"metas": metas, "title": escape(title)}
        html: str = plain(**told)  # type: ignore[no-untyped-call]
        return html

    app.interpolate_index = interpolated  # type: ignore[method-assign, assignment]


def meta_tags(state: State, title: str, image: str) -> str:
    """Return the description and Open Graph tags; image: its path on this server.

    Address and image must be absolute there; they are left out if no request tells the host.
    """
    description = page_description(state)
    tags = [("name", "description", description)]
    graph = {"site_name": NAME, "type": "website", "title": title, "description": description}
    if has_request_context():
        home = request.host_url.rstrip("/")
        graph |= {"url": request.url, "image": f"{home}{image}", "image:alt": IMAGE_SAYS,
                  "image:width": "1200", "image:height": "630"}  # fmt: skip
        tags.append(("name", "twitter:card", "summary_large_image"))
    tags += [("property", f"og:{key}", value) for key, value in graph.items()]
    return "\n".join(f'<meta {kind}="{key}" content="{escape(v)}">' for kind, key, v in tags)
