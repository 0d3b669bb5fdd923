"""Settings: what an operator may choose, each by one environment variable (docs/deploy.md)."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any


class SettingError(ValueError):
    """An environment variable that cannot be used: names it, its value and what is allowed."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How the app is run, never what it computes. Every field has a default that works.

    The variable of a field is its name in capitals.
    """

    host: str = "127.0.0.1"
    port: int = 8050
    cache_redis_url: str = ""  # results are shared through this Redis
    cache_dir: str = ""  # workers take turns, and without Redis keep results, in this folder
    cache_entries: int = 128  # how many results the process or the folder keeps
    cache_days: int = 7
    dask_scheduler_address: str = ""  # sweeps go to the workers of this Dask scheduler
    cache_timeout_ms: int = 100  # for one answer of Redis; then the page goes on without it
    cache_pause_s: int = 5  # how long a Redis that failed is left alone
    frame_ancestors: str = "'self'"  # who may embed the page, e.g. "'self' https://lms.example.edu"
    hsts_seconds: int = 0  # Strict-Transport-Security, for a site that is always behind TLS
    trusted_proxies: int = 0  # how many reverse proxies in front tell the client's address
    max_body_bytes: int = 1_000_000
    max_url_bytes: int = 8_000
    log_level: str = "info"
    log_format: str = "text"  # or "json": one object a line

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Reads `HOST`, `PORT`, …; raises SettingError naming the variable and the value."""
        environment = os.environ if environment is None else environment
        given: dict[str, Any] = {}
        for setting in fields(cls):
            name = setting.name.upper()
            if text := environment.get(name, "").strip():
                given[setting.name] = _read(name, text, setting.default)
        return cls(**given)


CHOICES: Mapping[str, tuple[str, ...]] = {
    "LOG_LEVEL": ("debug", "info", "warning", "error"),
    "LOG_FORMAT": ("text", "json"),
}
RANGES: Mapping[str, tuple[int, int]] = {
    "PORT": (0, 65_535),
    "CACHE_ENTRIES": (1, 1_000_000),
    "CACHE_DAYS": (1, 365),
    "CACHE_TIMEOUT_MS": (1, 10_000),
    "CACHE_PAUSE_S": (1, 3_600),
    "HSTS_SECONDS": (0, 2**31 - 1),
    "TRUSTED_PROXIES": (0, 10),
    "MAX_BODY_BYTES": (1_000, 100_000_000),
    "MAX_URL_BYTES": (2_100, 100_000),
}


def _read(name: str, text: str, default: Any) -> Any:
    if isinstance(default, int):
        low, high = RANGES[name]
        if not text.isascii() or not text.isdecimal() or not low <= int(text) <= high:
            raise SettingError(f"{name} = {text!r} is not allowed: a number from {low} to {high}")
        return int(text)
    if name in CHOICES and text.lower() not in CHOICES[name]:
        raise SettingError(f"{name} = {text!r} is not allowed: one of {', '.join(CHOICES[name])}")
    if any(character in text for character in ";\r\n"):
        raise SettingError(f"{name} = {text!r} is not allowed: it has a ; or a line break")
    return text.lower() if name in CHOICES else text
