"""The API: the page's numbers, in three forms that agree, as its description says."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient

from app.metrics import RUNS
from app.server import create_app
from app.settings import Settings
from simulation.model.experiment import Experiment
from simulation.model.query import parse_query
from simulation.results.summary import summarise
from simulation.runs.simulate import simulate

APP = create_app(Settings())
QUERY = "run=0,0.9,adam&T=2000&eta=0.01&N=8"


@pytest.fixture
def client() -> FlaskClient:
    return APP.server.test_client()


def get(client: FlaskClient, path: str) -> Any:
    response = client.get(f"/api/v1/{path}")
    assert response.status_code == 200, response.text
    return response


def test_numbers_are_the_engines_bit_for_bit(client: FlaskClient) -> None:
    summary = summarise(simulate(parse_query(QUERY)))
    arrays = np.load(io.BytesIO(get(client, f"run?{QUERY}&format=npz").data))
    for name in ("distance", "correlation", "value"):
        for part in ("median", "low", "high"):
            expected = getattr(getattr(summary, name), part)
            assert arrays[f"{name}_{part}"].tobytes() == expected.tobytes()
    assert arrays["steps"].tolist() == summary.steps.tolist()


@pytest.mark.parametrize("kind", ["run", "theory"])
def test_json_and_npz_agree(client: FlaskClient, kind: str) -> None:
    said = get(client, f"{kind}?{QUERY}").json
    arrays = np.load(io.BytesIO(get(client, f"{kind}?{QUERY}&format=npz").data))
    assert set(said) == set(arrays)
    for name, value in said.items():
        theirs = arrays[name]
        if theirs.dtype.kind in "fiu":
            np.testing.assert_array_equal(np.asarray(value, dtype=float), theirs)
        else:
            assert np.all(np.asarray(value) == theirs)


def test_csv_has_a_row_for_each_contender_and_step(client: FlaskClient) -> None:
    said = get(client, f"run?{QUERY}").json
    rows = list(csv.DictReader(io.StringIO(get(client, f"run?{QUERY}&format=csv").text)))
    assert len(rows) == 3 * len(said["steps"])
    first = [row for row in rows if row["contender"] == "0.9"]
    assert [int(row["step"]) for row in first] == said["steps"]
    assert [float(row["value_median"]) for row in first] == said["value_median"][1]


def test_theory_csv_has_a_row_for_each_contender(client: FlaskClient) -> None:
    rows = list(csv.DictReader(io.StringIO(get(client, f"theory?{QUERY}&format=csv").text)))
    assert [row["contender"] for row in rows] == ["0", "0.9", "adam"]
    assert rows[2]["growth_rate"] == ""


def test_theory_is_what_the_page_says(client: FlaskClient) -> None:
    query = "landscape=quadratic&run=0,0.9,nesterov:0.5&N=4"
    run, theory = (get(client, f"{kind}?{query}").json for kind in ("run", "theory"))
    assert run["predicted_escape"] == theory["escape_median"]
    assert run["largest_stable_step"] == theory["largest_stable_step"]


@pytest.mark.parametrize("kind", ["run", "theory"])
def test_every_field_is_described(client: FlaskClient, kind: str) -> None:
    described = get(client, "openapi.json").json["paths"][f"/{kind}"]["get"]["responses"]["200"]
    fields = described["content"]["application/json"]["schema"]["properties"]
    assert set(get(client, f"{kind}?landscape=quadratic&T=500").json) == set(fields)
    assert all(said["description"].endswith(".") for said in fields.values())


@pytest.mark.parametrize("hold", ["step", "effective", "stability"])
def test_a_predicted_speed_up_is_the_same_in_a_run_and_in_theory(
    client: FlaskClient, hold: str
) -> None:
    query = f"landscape=quadratic&run=0,0.9,nesterov:0.5&N=64&T=9000&hold={hold}"
    run, theory = (get(client, f"{kind}?{query}").json for kind in ("run", "theory"))
    assert run["reference"] == theory["reference"] == "0"
    assert run["predicted_speed_up"] == theory["predicted_speed_up"]
    assert run["speed_up"] == pytest.approx(theory["predicted_speed_up"], rel=0.1)


def test_the_default_is_the_papers_toy(client: FlaskClient) -> None:
    assert parse_query(get(client, "theory").json["query"]) == Experiment()


def test_the_engine_runs_once_for_one_experiment(client: FlaskClient) -> None:
    before = RUNS.labels("summary")._value.get()
    for form in ("json", "csv", "npz"):
        get(client, f"run?T=1234&seed=77&format={form}")
    get(client, "run?seed=77&T=1234.0")  # the same experiment, otherwise written
    assert RUNS.labels("summary")._value.get() == before + 1


@pytest.mark.parametrize(
    ("query", "field"),
    [("eta=0", "step_size"), ("T=1e9", "steps"), ("landscape=hill", "landscape"), ("x=1", "x"),
     ("format=xml", "format"), ("format=csv&format=npz", "format"), ("eta=1&eta=1", "step_size"),
     ("T=3000000&N=4096", "paths")],
)  # fmt: skip
def test_a_refusal_names_field_value_and_range(client: FlaskClient, query: str, field: str) -> None:
    response = client.get(f"/api/v1/run?{query}")
    assert response.status_code == 400
    said = json.loads(response.text)
    assert said["field"] == field
    assert said["allowed"]
    assert said["error"]
