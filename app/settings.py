"""Settings: what an operator may choose, each by one environment variable (docs/deploy.md)."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Settings:
    """How the app is run; never what it computes. Every field has a default that works."""

    host: str = "127.0.0.1"
    port: int = 8050

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Reads `HOST`, `PORT`, …; raises SettingError naming the variable and the value."""
        given = {}
        for setting in fields(cls):
            name = setting.name.upper()
            if environment.get(name):
                given[setting.name] = type(setting.default)(environment[name])
        return cls(**given)
