"""The switch of the shortcuts that are one character (WCAG 2.1.4)."""

from __future__ import annotations

import dash_mantine_components as dmc

from app import ids


def shortcut_switch() -> dmc.Switch:
    """Return the switch; the browser stores it, assets/modules/keyboard.mjs reads it."""
    return dmc.Switch(id=ids.SHORTCUTS_ON, label="Shortcuts of one key", checked=True, size="xs",
                      persistence=True, persistence_type="local")  # fmt: skip
