"""The drag's door answers what the edits mean, and sends no more than what moves."""

from __future__ import annotations

import json
import struct
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient

from app import ids
from app.figures.typed_arrays import typed
from app.render.delta import delta
from app.render.page import DRAG_WORK, fewer_paths_for_drag, render
from app.server import create_app
from app.state.page_state import read
from app.storage.results import backend_of
from simulation.model.experiment import Experiment
from simulation.runs import budget
from tests.app.drawn import whole_figures


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return create_app().server.test_client()


def ask(client: FlaskClient, query: str, have: str = "", **edits: Any) -> dict[str, Any]:
    sent = {"q": query, "edits": json.dumps(edits), "have": have}
    answer = client.get("/live", query_string=sent)
    assert answer.status_code == 200
    return json.loads(answer.data)


def test_an_edit_is_answered_with_its_query_its_figures_and_its_words(client: FlaskClient) -> None:
    said = ask(client, "T=5000", beta=2.0)
    assert said["query"] == "run=0,0.3,0.5,0.7,0.99&T=5000"
    drawing = render(read(said["query"])[0], "light")
    assert said["frame"] == json.loads(json.dumps(delta(drawing.figures)))
    assert whole_figures(said) == json.loads(json.dumps(dict(drawing.figures)))
    assert said["props"][ids.field("beta")]["value"] == "0.99"
    assert said["props"][ids.chip(4)]["children"] == "Momentum 0.99"
    assert said["props"][ids.NOTICE]["hidden"]


def test_only_a_figure_that_looks_otherwise_is_sent_whole(client: FlaskClient) -> None:
    first = ask(client, "T=5000")
    have = ",".join(first["looks"].values())
    assert ask(client, "T=5000", have, beta=1.01)["figures"] == {}
    # Its β has six digits. Its value falls lower, which is another axis.
    long_name = ask(client, "T=5000", have, beta=3.99)
    assert ids.CORRELATION not in long_name["figures"]
    assert set(ask(client, "T=5000", have, **{"eig-escape": -0.5})["figures"]) >= {ids.LANDSCAPE}
    assert set(ask(client, "T=5000", have, theme="dark")["figures"]) == set(ids.GRAPHS)


def test_what_cannot_be_is_said_and_the_state_stays(client: FlaskClient) -> None:
    for edits in (
        {"eta": "99"},
        {"nothing": 1},
        {"N": "4096", "T": "3000000"},
        {"w0": [1]},
        {"tab": "nowhere"},
    ):
        said = ask(client, "T=5000", **edits)
        assert said["query"] == "T=5000"
        assert not said["props"][ids.NOTICE]["hidden"]
        assert said["props"][ids.NOTICE_TEXT]["children"].endswith(".")


@pytest.mark.parametrize("edits", ["", "[]", "{", "[" * 4001, "[" * 3000, "1", "NaN"])
def test_what_is_no_edit_is_refused_in_one_line(client: FlaskClient, edits: str) -> None:
    answer = client.get("/live", query_string={"q": "T=100", "edits": edits})
    assert answer.status_code in (400, 414)
    assert len(answer.get_data(as_text=True).splitlines()) == 1


def test_an_ensemble_is_drawn_with_fewer_paths_while_the_hand_moves() -> None:
    heavy = Experiment(landscape="quadratic", paths=1000)
    light = fewer_paths_for_drag(heavy)
    assert budget.work(light) <= DRAG_WORK < budget.work(heavy)
    assert light.replace(paths=1000) == heavy
    assert fewer_paths_for_drag(Experiment()) == Experiment()


def sent(client: FlaskClient, query: str, **more: Any) -> dict[str, Any]:
    answer = client.get("/live", query_string={"q": query, **more})
    assert answer.status_code == 200
    return json.loads(answer.data)


@pytest.mark.long
def test_the_picture_at_rest_has_all_paths_and_all_arrows(client: FlaskClient) -> None:
    heavy = "N=2000&T=20000"
    assert fewer_paths_for_drag(read(heavy)[0].visible_experiment).paths < 2000
    true = render(read(heavy)[0], "light")
    said = sent(client, heavy, rest=1)
    assert said["whole"]
    assert said["frame"] == json.loads(json.dumps(delta(true.figures)))
    assert said["moments"] == json.loads(json.dumps(dict(true.cursor_data)))
    assert not {ids.NOTICE, ids.NOTICE_TEXT} & set(said["props"])  # what was said stays


@pytest.mark.long
@pytest.mark.parametrize(("query", "quick"), [("T=5000", True), ("N=2000&T=20000", False)])
def test_only_a_free_hand_gets_all_at_once_where_it_is_quick(
    client: FlaskClient, query: str, quick: bool
) -> None:
    free, held = sent(client, query, hand="off"), sent(client, query)
    assert free["whole"] is quick
    assert not held["whole"]
    rested = sent(client, query, rest=1)
    assert (free["moments"] == rested["moments"]) is quick
    assert (free["frame"] == rested["frame"]) is quick


def unpacked(body: bytes) -> dict[str, Any]:
    """A binary answer with its arrays as typed arrays, as in JSON."""
    (length,) = struct.unpack_from("<I", body)
    answer: dict[str, Any] = json.loads(body[4 : 4 + length])
    assert length % 4 == 0  # so that the arrays can be read in place
    numbers = np.frombuffer(body, "<f4", offset=4 + length)
    ends = np.cumsum([0, *answer["frame"]["arrays"]])
    assert ends[-1] == len(numbers)
    answer["frame"]["arrays"] = [typed(numbers[a:b]) for a, b in pairwise(ends)]
    return answer


def test_the_binary_answer_of_a_drag_says_what_the_json_does(client: FlaskClient) -> None:
    have = ",".join(ask(client, "T=5000")["looks"].values())
    asked = {"q": "T=5000", "edits": '{"beta": 1.01}', "have": have}
    plain = client.get("/live", query_string=asked)
    binary = client.get("/live", query_string=asked | {"as": "binary"})
    assert binary.mimetype == "application/octet-stream"
    assert unpacked(binary.data) == json.loads(plain.data)
    # whole figures, with arrays of their own, come as JSON
    whole = client.get("/live", query_string=asked | {"as": "binary", "have": ""})
    assert json.loads(whole.data) == ask(client, "T=5000", beta=1.01)
    assert client.get("/live", query_string=asked | {"as": "xml"}).status_code == 400


def test_what_a_drag_passes_over_is_not_kept() -> None:
    server = create_app().server
    stored = backend_of(server)._cache
    client = server.test_client()
    ask(client, "T=5007", beta=1.01)
    terrain = len(stored)
    ask(client, "T=5007", beta=1.02)
    assert len(stored) == terrain
    sent(client, "T=5007", rest=1)
    assert len(stored) == terrain + 1
