"""Settings: each by one variable, documented, with an error that says what is allowed."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from app.cli.group import main
from app.server import create_app
from app.settings import CHOICES, FOLDERS, PATTERNS, RANGES, SettingError, Settings, address

ROOT = Path(__file__).parents[2]
NAMES = [field.name for field in fields(Settings)]
NONSENSE = ("two", "-1", "1e9", "nan", "9" * 30, "a b", "λ", "\u0663", "http://[", "redis://[x",
            "redis://h:port/0", "redis://h:99999/0", "redis://h/x", "redis://h?db=one", "unix:",
            "tcp://:::", "/dev/null/x", "/proc/none/x", "'self'; script-src *", "$(id)", "\x7f",
            "x\r\nSet-Cookie: a=b")  # fmt: skip


def test_nothing_set_gives_the_defaults() -> None:
    assert Settings.from_environment({}) == Settings()
    assert Settings.from_environment({name.upper(): "" for name in NAMES}) == Settings()


@pytest.mark.parametrize("name", NAMES)
def test_each_is_documented(name: str) -> None:
    text = (ROOT / "docs/deploy.md").read_text()
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


def test_every_variable_is_read_in_one_way() -> None:
    by_name = {name.upper() for name in NAMES}
    kinds = [set(RANGES), set(CHOICES), set(PATTERNS), set(FOLDERS)]
    assert set.union(*kinds) == by_name
    assert sum(map(len, kinds)) == len(by_name)


@pytest.mark.long
@pytest.mark.parametrize("name", NAMES)
def test_nonsense_is_refused_in_one_sentence_or_works(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What passes makes an app; what does not names the variable and the value."""
    monkeypatch.chdir(tmp_path)
    refused = {text: said for text in NONSENSE if (said := refusal(name, text))}
    for text, said in refused.items():
        assert said.startswith(f"{name.upper()} = {text.strip()!r} is not allowed: ")
        assert "\n" not in said
    assert len(refused) >= (len(NONSENSE) if name.upper() in {*RANGES, *CHOICES} else 2)


def refusal(name: str, text: str) -> str:
    """Why no app can be made with this text of a variable; '' where one can."""
    try:
        create_app(Settings.from_environment({name.upper(): text}))
    except SettingError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    ("name", "text"),
    [("HOST", "::1"), ("HOST", "[::1]"), ("HOST", "localhost"), ("HOST", "lab-7.example.edu"),
     ("CACHE_REDIS_URL", "redis://:secret@redis:6379/0"), ("CACHE_REDIS_URL", "rediss://redis"),
     ("CACHE_REDIS_URL", "unix:///run/redis.sock?db=2"), ("CACHE_DIR", "."),
     ("DASK_SCHEDULER_ADDRESS", "tcp://scheduler:8786"), ("DASK_SCHEDULER_ADDRESS", "[::1]:8786"),
     ("FRAME_ANCESTORS", "'self' https://lms.example.edu https://*.edu:8443"),
     ("FRAME_ANCESTORS", "*"), ("PROMETHEUS_MULTIPROC_DIR", ".")],
)  # fmt: skip
def test_texts_that_make_sense_are_taken_as_they_are(name: str, text: str) -> None:
    assert getattr(Settings.from_environment({name: text}), name.lower()) == text


def test_an_address_is_written_as_in_a_url() -> None:
    assert address("localhost", 8050) == "localhost:8050"
    assert address("::1", 8050) == address("[::1]", 8050) == "[::1]:8050"


# WEB_WORKERS matters to gunicorn only; PORT to all; the last is met when the app is made.
REFUSED = {"WEB_WORKERS": "two", "PORT": "many", "CACHE_DIR": "/proc/none/x"}


@pytest.mark.deploy
@pytest.mark.parametrize("name", REFUSED)
def test_gunicorn_ends_with_one_sentence(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "gunicorn", "--config", "python:app.server.gunicorn_conf"],
        env=os.environ | {name: REFUSED[name]}, capture_output=True, text=True, check=False,
        cwd=ROOT,
    )  # fmt: skip
    assert done.returncode == 2
    last = done.stderr.splitlines()[-1]
    assert last.startswith(f"{name} = '{REFUSED[name]}' is not allowed: ")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("words", [[], ["warm"]])
def test_a_command_ends_with_one_sentence(
    name: str, words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(name, REFUSED[name])
    assert main(words) == 2
    assert capsys.readouterr().err.startswith(f"{name} = '{REFUSED[name]}' is not allowed: ")


def test_the_health_check_ends_with_one_sentence() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "app.server.healthcheck"],
        env=os.environ | {"PORT": "many"}, capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert done.stderr.startswith("PORT = 'many' is not allowed: ")


def test_no_other_module_of_the_page_reads_the_environment() -> None:
    """gunicorn's configuration sets two variables for the libraries that read them on import."""
    readers = {
        path.relative_to(ROOT / "app").as_posix()
        for path in (ROOT / "app").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv")
        and isinstance(node.value, ast.Name) and node.value.id == "os"
    }  # fmt: skip
    assert readers == {"settings.py", "server/gunicorn_conf.py"}


def test_a_refused_url_is_shown_without_its_password() -> None:
    shown = str(SettingError("CACHE_REDIS_URL", "redis://me:secret@host:x/0", "a URL"))
    assert "secret" not in shown
    assert "redis://…@host:x/0" in shown
