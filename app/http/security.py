"""Security headers on every response; early one-line 4xx responses.

Scripts come from this server only; the only inline ones are Dash's, allowed by hash.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dash.exceptions import DependencyException, InvalidResourceError
from flask import Flask, Response, abort, current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from app.http.not_found import not_found
from app.settings import Settings

CATCH_ALL = "/<path:path>"  # Dash serves its page at every path; here only `/` is one


def content_policy(frame_ancestors: str, hashes: Sequence[str]) -> str:
    """Return the Content-Security-Policy; hashes: those of the inline scripts."""
    directives = {
        "default-src": "'self'",
        "script-src": " ".join(("'self'", *hashes)),
        "style-src": "'self' 'unsafe-inline'",  # Mantine and Plotly set styles from scripts
        "img-src": "'self' data: blob:",  # Plotly's image export uses both
        "font-src": "'self' data:",
        "connect-src": "'self'",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": frame_ancestors,
    }
    return "; ".join(f"{name} {value}" for name, value in directives.items())


def headers(settings: Settings, hashes: Sequence[str]) -> Mapping[str, str]:
    """Return the headers of every response."""
    always = {
        "Content-Security-Policy": content_policy(settings.frame_ancestors, hashes),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    if settings.hsts_seconds:
        always["Strict-Transport-Security"] = f"max-age={settings.hsts_seconds}"
    return always


def install(server: Flask, settings: Settings, hashes: Sequence[str]) -> None:
    """Install size limits, one-line errors and security headers."""
    always = headers(settings, hashes)
    server.config["MAX_CONTENT_LENGTH"] = settings.max_body_bytes
    server.config["MAX_FORM_MEMORY_SIZE"] = settings.max_body_bytes
    server.config["FRAME_ANCESTORS"] = settings.frame_ancestors
    posts = frozenset(
        rule.rule for rule in server.url_map.iter_rules() if "GET" not in (rule.methods or ())
    )
    if settings.trusted_proxies:
        n = settings.trusted_proxies
        server.wsgi_app = ProxyFix(server.wsgi_app, x_for=n, x_proto=n, x_host=n)  # type: ignore[method-assign]

    def refuse() -> None:
        refuse_sizes(settings)
        if request.url_rule is not None and request.url_rule.rule == CATCH_ALL:
            if request.path in posts:
                abort(Response("Use POST.\n", 405, {"Allow": "OPTIONS, POST"}, "text/plain"))
            abort(not_found())

    def add_headers(response: Response) -> Response:
        for name, value in always.items():
            response.headers[name] = value
        response.headers.setdefault("Cache-Control", "no-cache")
        return response

    server.before_request(refuse)
    server.after_request(add_headers)
    server.register_error_handler(HTTPException, one_line)
    server.register_error_handler(DependencyException, not_served)
    server.register_error_handler(InvalidResourceError, not_served)
    server.register_error_handler(Exception, fault)


def refuse_sizes(settings: Settings) -> None:
    """Abort with 414 for a long URL or 413 for a large body, before the body is read."""
    if len(request.full_path) > settings.max_url_bytes:
        abort(414, f"An address has at most {settings.max_url_bytes:,} characters.")
    if (request.content_length or 0) > settings.max_body_bytes:
        abort(413, f"A body has at most {settings.max_body_bytes:,} bytes.")


def one_line(error: HTTPException) -> Response:
    """Return an HTTP error as one line of plain text."""
    if error.response is not None:
        return error.response  # type: ignore[return-value]
    text = " ".join((error.description or error.name).split())
    response = Response(f"{text}\n", error.code, mimetype="text/plain")
    for name, value in error.get_headers():
        if name.lower() not in ("content-type", "content-length"):
            response.headers[name] = value
    return response


def not_served(error: Exception) -> Response:
    """Return 404 for a file of a package that is not served."""
    return Response("There is no such file.\n", 404, mimetype="text/plain")


def fault(error: Exception) -> Response:
    """Return 500 in one line for an unexpected exception; log the traceback."""
    current_app.logger.error("Fault at %s", request.url_rule, exc_info=error)
    return Response("Internal error; it has been logged.\n", 500, mimetype="text/plain")
