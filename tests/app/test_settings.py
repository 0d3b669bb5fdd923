"""Settings: each by one variable, documented, with an error that says what is allowed."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from app.settings import CHOICES, RANGES, SettingError, Settings

NAMES = [field.name for field in fields(Settings)]


def test_nothing_set_gives_the_defaults() -> None:
    assert Settings.from_environment({}) == Settings()
    assert Settings.from_environment({name.upper(): "" for name in NAMES}) == Settings()


@pytest.mark.parametrize("name", NAMES)
def test_each_is_documented(name: str) -> None:
    text = (Path(__file__).parents[2] / "docs/deploy.md").read_text()
    assert f"`{name.upper()}`" in text


@pytest.mark.parametrize("name", sorted(RANGES))
def test_numbers_are_read_within_their_range(name: str) -> None:
    for value in RANGES[name]:
        assert getattr(Settings.from_environment({name: str(value)}), name.lower()) == value
    for text in (str(RANGES[name][1] + 1), "-1", "many", "1.5", "٣", "nan"):
        with pytest.raises(SettingError, match=name):
            Settings.from_environment({name: text})


@pytest.mark.parametrize("name", sorted(CHOICES))
def test_choices(name: str) -> None:
    for value in CHOICES[name]:
        given = Settings.from_environment({name: value.upper()})
        assert getattr(given, name.lower()) == value
    with pytest.raises(SettingError, match=name):
        Settings.from_environment({name: "loud"})


@pytest.mark.parametrize("text", ["'self'; script-src *", "x\r\nSet-Cookie: a=b"])
def test_a_header_cannot_be_smuggled(text: str) -> None:
    with pytest.raises(SettingError, match="FRAME_ANCESTORS"):
        Settings.from_environment({"FRAME_ANCESTORS": text})
