"""The command line and the API read the address bar's grammar, and run what the link shows."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from app.cli.group import main
from app.lessons.parser import lessons
from app.server import create_app
from app.state.links import TABS, experiment_of, sweep_of
from app.state.page_state import read, write
from app.state.view import VIEW_KEYS
from app.tabs.registry import TAB_MODULES
from app.theme import THEMES
from simulation.model.experiment import Experiment
from simulation.model.link import is_tracking
from simulation.model.parameters import ParameterError
from simulation.model.query import format_query
from simulation.sweeps.grid import format_sweep, parse_sweep

SMALL = "landscape=quadratic&run=0,0.9&T=300&N=4"
# A value of each key of the view, as a copied link has it.
VIEWS = {
    "tab": "choose", "sel": "0", "theme": "dark", "x": "eta:0.001:0.1:8:log", "y": "beta:0:0.9:8",
    "cellN": "64", "axes": "log", "eps": "0.02", "tau": "2e+03", "budget": "1e+02", "t": "1e+02",
    "lesson": "3", "reveal": "1", "colors": "0,2", "hide": "hold,rot", "view": "embed",
}  # fmt: skip


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return create_app().server.test_client()


def test_the_tabs_are_known_without_their_modules() -> None:
    assert sorted(TABS) == sorted(TAB_MODULES)


def test_no_key_of_the_view_is_taken_for_a_tracker() -> None:
    assert not any(map(is_tracking, VIEW_KEYS))


@pytest.mark.parametrize("key", VIEW_KEYS)
def test_a_key_of_the_view_changes_no_number(client: FlaskClient, key: str) -> None:
    link = f"http://host:8050/?{SMALL}&{key}={VIEWS[key]}#top"
    assert experiment_of(link) == experiment_of(SMALL) == read(link, TABS)[0].experiment
    said = client.get(f"/api/v1/theory?{SMALL}&{key}={VIEWS[key]}")
    assert said.status_code == 200, said.text
    assert said.json["query"] == format_query(experiment_of(SMALL))


@pytest.mark.parametrize("theme", THEMES)
def test_the_pages_own_link_is_read(theme: str) -> None:
    state = read(f"{SMALL}&theme={theme}&tab=sweep&t=40&axes=log", TABS)[0]
    assert experiment_of(write(state)) == state.experiment


@pytest.mark.parametrize("number", range(1, len(lessons()) + 1))
def test_a_lessons_link_is_the_lessons_experiment(client: FlaskClient, number: int) -> None:
    link = f"lesson={number}"
    assert experiment_of(link) == lessons()[number - 1].experiment
    assert experiment_of(f"{link}&tab=lessons&reveal=1&utm_source=x") == experiment_of(link)
    said = client.get(f"/api/v1/theory?{link}")
    assert said.json["query"] == format_query(experiment_of(link))
    changed = experiment_of(f"{link}&T=700")
    assert changed == Experiment(steps=700)


@pytest.mark.parametrize("written", ["2000", "2e3", "2e+03", "2e%2B03", "2%20000", "2,000"])
def test_a_number_is_read_alike_by_page_api_and_command(client: FlaskClient, written: str) -> None:
    query = f"landscape=quadratic&T={written}"
    assert client.get(f"/api/v1/theory?{query}").json["query"] == "landscape=quadratic&T=2000"
    assert experiment_of(query).steps == 2000
    assert write(read(query)[0]) == "landscape=quadratic&T=2000"


@pytest.mark.parametrize("minus", ["−", "–", "‑", quote("−")])
def test_any_minus_sign_is_read_even_unencoded(client: FlaskClient, minus: str) -> None:
    query = f"landscape=quadratic&eig=1,{minus}0.2&T=300"
    raw = query.encode().decode("latin-1")  # as a WSGI server passes it on
    said = client.get("/api/v1/theory", environ_overrides={"QUERY_STRING": raw})
    assert said.json["query"] == "landscape=quadratic&eig=1,-0.2&T=300"


@pytest.mark.parametrize(("link", "said"), [
    ("tab=nowhere", "tab = “nowhere”"), ("theme=pink", "theme = “pink”"), ("lesson=99", "lesson"),
    ("t=banana", "t = “banana”"), ("colour=red", "colour = “red”"), ("eta=99", "eta = “99”"),
])  # fmt: skip
def test_what_the_page_would_repair_is_refused(client: FlaskClient, link: str, said: str) -> None:
    with pytest.raises(ParameterError, match=said):
        experiment_of(link)
    refused = client.get(f"/api/v1/theory?{link}")
    assert refused.status_code == 400
    assert said in json.loads(refused.text)["error"]


@pytest.mark.parametrize("link", [
    f"'https://host/lab/?{SMALL}&tab=choose&t=20&theme=dark&fbclid=x#map'\n",
    f"{SMALL}&utm_source=mail&view=present",
])  # fmt: skip
def test_the_command_runs_a_copied_link(link: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", link, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["query"] == SMALL


SWEPT = "landscape=quadratic&x=eta:0.001:0.1:8:log&y=beta:0:0.9:8"


def test_a_sweep_link_is_the_sweep_of_the_page() -> None:
    page = f"http://host/?{SWEPT}&run=0,0.5,0.9&sel=1&cellN=64&tab=sweep&theme=dark"
    assert sweep_of(page) == read(page, TABS)[0].sweep
    assert sweep_of(page).experiment.paths == 64
    assert format_sweep(sweep_of(format_sweep(sweep_of(page)))) == format_sweep(sweep_of(page))


@pytest.mark.parametrize("view", ["", "&theme=dark&t=20", "&tab=choose&utm_source=x"])
def test_a_sweep_on_the_command_line_keeps_its_own_paths(view: str) -> None:
    text = f"{SWEPT}&run=0.5&N=16&eta=1e+00"
    assert sweep_of(text + view) == parse_sweep(text)
    assert parse_sweep(text).experiment.paths == 16


def test_a_sweeps_ends_are_read_as_numbers_are() -> None:
    plain = parse_sweep(f"{SWEPT.replace('quadratic', 'toy')}&run=0.5")
    for written in ("0,001:1e-1:8:log", "1×10^-3:0.1:8:log", "0.1%:1/10:8e+00:log"):
        text = quote(f"eta:{written}", safe=":+")
        assert parse_sweep(f"run=0.5&x={text}&y=beta:0:0,9:8") == plain
    drawn = "landscape=quadratic&noise=samples&run=0.5&y=beta:0:0.9:8"
    assert parse_sweep(f"{drawn}&x=batch:1:1,000:8").x.high == 1000
