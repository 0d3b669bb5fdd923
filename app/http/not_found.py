"""The 404 response: an HTML page with a link home for a browser, else one line of text."""

from __future__ import annotations

from flask import Blueprint, Response, request

from app.theme import css_of_the_system

blueprint = Blueprint("not_found", __name__)
LINE = "There is no such page.\n"


def not_found() -> Response:
    """Return 404: HTML if the client prefers it to plain text."""
    if request.accept_mimetypes.best_match(("text/plain", "text/html")) == "text/html":
        return Response(page(request.script_root), 404, mimetype="text/html")
    return Response(LINE, 404, mimetype="text/plain")


def page(root: str) -> str:
    """Return the page, without scripts or inline styles; root: path at which the app is mounted."""
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>No such page · Saddlescape</title>
<link rel="stylesheet" href="{root}/theme.css">
<link rel="stylesheet" href="{root}/assets/page.css">
</head>
<body>
<main class="missing">
<h1>There is no such page</h1>
<p>Saddlescape is a single page; the address after its question mark selects what it shows.</p>
<p><a href="{root}/">Open Saddlescape</a></p>
</main>
</body>
</html>
"""


@blueprint.get("/theme.css")
def theme() -> Response:
    """Return the theme's CSS variables, for a page that is not rendered by Dash."""
    return Response(css_of_the_system(), mimetype="text/css")
