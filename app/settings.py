"""Settings of the operator, each one environment variable (docs/deploy.md)."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any


class SettingError(ValueError):
    """An invalid environment variable; the message has its name, its value and what is allowed."""

    def __init__(self, name: str, text: str, allowed: str) -> None:
        super().__init__(f"{name} = {text!r} is not allowed: {allowed}")


@dataclass(frozen=True, slots=True)
class Settings:
    """How the app is run; no setting changes what it computes. Every field has a default.

    The environment variable of a field is its name in capitals.
    """

    host: str = "127.0.0.1"
    port: int = 8050
    web_workers: int = 0  # gunicorn's worker processes; 0: one per core
    web_threads: int = 4  # threads per worker
    cache_redis_url: str = ""  # Redis that shares results between servers
    cache_dir: str = ""  # folder of the workers' locks and, without Redis, of results
    cache_entries: int = 128  # maximum number of results in the process or the folder
    cache_days: int = 7
    dask_scheduler_address: str = ""  # Dask scheduler that computes the sweeps
    cache_timeout_ms: int = 100  # time-out of a Redis call; then the page works without it
    cache_pause_s: int = 5  # pause after a failed Redis call
    prometheus_multiproc_dir: str = ""  # folder in which several workers add up their metrics
    frame_ancestors: str = "'self'"  # embedding origins, e.g. "'self' https://lms.example.edu"
    hsts_seconds: int = 0  # Strict-Transport-Security, for a site that is always behind TLS
    trusted_proxies: int = 0  # number of reverse proxies that set X-Forwarded-For
    max_body_bytes: int = 1_000_000
    max_url_bytes: int = 8_000
    log_level: str = "info"
    log_format: str = "text"  # or "json": one object per line

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read `HOST`, `PORT`, …; raises SettingError naming the variable and the value."""
        return cls(**{field.name: read_setting(field.name, environment) for field in fields(cls)})


RANGES: Mapping[str, tuple[int, int]] = {
    "PORT": (0, 65_535),
    "WEB_WORKERS": (0, 1_024),
    "WEB_THREADS": (1, 1_024),
    "CACHE_ENTRIES": (1, 1_000_000),
    "CACHE_DAYS": (1, 365),
    "CACHE_TIMEOUT_MS": (1, 10_000),
    "CACHE_PAUSE_S": (1, 3_600),
    "HSTS_SECONDS": (0, 2**31 - 1),
    "TRUSTED_PROXIES": (0, 10),
    "MAX_BODY_BYTES": (1_000, 100_000_000),
    "MAX_URL_BYTES": (2_100, 100_000),
}
CHOICES: Mapping[str, tuple[str, ...]] = {
    "LOG_LEVEL": ("debug", "info", "warning", "error"),
    "LOG_FORMAT": ("text", "json"),
}
PATTERNS: Mapping[str, tuple[str, str]] = {
    "HOST": (r"[\w.:%-]+|\[[\w.:%]+\]", "a host name or an IP address"),
    "CACHE_REDIS_URL": (
        r"rediss?://[^\s/?#]*(/\d*)?(\?[^\s#]*)?|unix://[^\s?#]+(\?[^\s#]*)?",
        "redis://host:port/number, rediss://… or unix://path",
    ),
    "DASK_SCHEDULER_ADDRESS": (r"(\w+://)?(\[[\da-fA-F:]+\]|[\w.-]+)(:\d{1,5})?",
                               "tcp://host:port"),
    "FRAME_ANCESTORS": (r"[!-:<-~]+( +[!-:<-~]+)*", "sources as in a Content-Security-Policy"),
}  # fmt: skip
"""Variable → regular expression of the whole value, and its description."""


def _folder(path: Path) -> bool:
    """Return whether a folder exists or can be created, and is writable."""
    nearest = next(part for part in (path.absolute(), *path.absolute().parents) if part.exists())
    return nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK)


FOLDERS: Mapping[str, tuple[Callable[[Path], bool], str]] = {
    "CACHE_DIR": (_folder, "a folder that can be written to"),
    "PROMETHEUS_MULTIPROC_DIR": (
        lambda path: path.is_dir() and _folder(path),
        "a folder that exists and can be written to",
    ),
}


def read_setting(name: str, environment: Mapping[str, str] | None = None) -> Any:
    """Return one setting by the name of its field; raises SettingError."""
    (default,) = (field.default for field in fields(Settings) if field.name == name)
    variable = name.upper()
    text = (os.environ if environment is None else environment).get(variable, "").strip()
    if not text:
        return default
    if isinstance(default, int):
        return _read_number(variable, text)
    if variable in CHOICES:
        return _read_choice(variable, text)
    if variable in FOLDERS:
        is_usable, allowed = FOLDERS[variable]
        if not is_usable(Path(text)):
            raise SettingError(variable, text, allowed)
        return text
    pattern, allowed = PATTERNS[variable]
    if not re.fullmatch(pattern, text, re.ASCII):
        raise SettingError(variable, text, allowed)
    return text


def _read_number(variable: str, text: str) -> int:
    low, high = RANGES[variable]
    if not text.isascii() or not text.isdecimal() or not low <= int(text) <= high:
        raise SettingError(variable, text, f"a number from {low} to {high}")
    return int(text)


def _read_choice(variable: str, text: str) -> str:
    if text.lower() not in CHOICES[variable]:
        raise SettingError(variable, text, f"one of {', '.join(CHOICES[variable])}")
    return text.lower()


def address(host: str, port: int) -> str:
    """Return host:port as in a URL, with an IPv6 address in brackets."""
    return f"[{host}]:{port}" if ":" in host and not host.startswith("[") else f"{host}:{port}"


@contextmanager
def exit_on_setting_error() -> Iterator[None]:
    """Print a SettingError as one line on standard error and exit with code 2."""
    try:
        yield
    except SettingError as error:
        print(error, file=sys.stderr, flush=True)
        sys.exit(2)
