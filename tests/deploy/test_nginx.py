"""The front that compose.yaml sets before the page: slow clients hold no worker."""

from __future__ import annotations

import select
import socket
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.deploy.test_gunicorn import send
from tests.deploy.web_server import NGINX, Server, running_gunicorn, running_nginx

pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed")
HALVES = {
    "of a head": b"GET / HTTP/1.1\r\nHost: x\r\n",
    "of a body": b"POST /_dash-update-component HTTP/1.1\r\nHost: x\r\n"
                 b"Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{",
}  # fmt: skip


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    log = tmp_path_factory.mktemp("page") / "gunicorn.log"
    with running_gunicorn(log, {"TRUSTED_PROXIES": "1"}) as running:
        yield running


@pytest.fixture(scope="module")
def front(page: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_nginx(tmp_path_factory.mktemp("front"), page) as server:
        yield server


@pytest.mark.parametrize("half", HALVES)
def test_fifty_half_sent_requests_hold_nobody_up(front: Server, half: str) -> None:
    with ExitStack() as stack:
        halves = [
            stack.enter_context(socket.create_connection(("127.0.0.1", front.port)))
            for _ in range(50)
        ]
        for sock in halves:
            sock.sendall(HALVES[half])
        assert front.get("/healthz")[0] == 200
        assert front.get("/api/v1/theory")[0] == 200
        given_up, _, _ = select.select(halves, [], [], 0)
        assert not given_up  # all fifty were being waited for meanwhile


def test_refusals_of_the_front(front: Server) -> None:
    assert front.get("/?x=" + "1" * 50_000)[0] == 414
    assert front.get("/metrics")[0] == 404
    assert send(front, 20_000_000) == 413


def test_the_page_is_behind_it(front: Server) -> None:
    status, page = front.get("/")
    assert status == 200
    assert b"_dash-config" in page
    assert front.get("/live")[0] == 200


def test_a_flood_from_one_address_is_refused_and_the_page_stays(
    page: Server, tmp_path: Path
) -> None:
    """Beyond the burst, at a rate that no machine is too slow for; files are not counted."""
    slowly = {"rate=500r/s": "rate=1r/m"}
    with running_nginx(tmp_path, page, slowly) as front, ThreadPoolExecutor(16) as readers:
        seen = Counter(readers.map(lambda i: front.get(f"/api/v1/unknown?{i}")[0], range(700)))
        assert set(seen) == {404, 429}, seen
        assert 500 <= seen[404] <= 510
        assert front.get("/healthz")[0] == 200
        assert front.get("/")[0] == 200
        assert front.get("/live")[0] == 429


def test_a_class_behind_one_address_is_not_refused(front: Server) -> None:
    """A hundred readers who drag at once, each waiting for its answer."""
    query = "/live?q=landscape%3Dquadratic%26T%3D100&have="

    def drag(reader: int) -> set[int]:
        edits = f"%7B%22seed%22:%22{reader}%22%7D"
        return {front.get(f"{query}&edits={edits}&n={n}")[0] for n in range(3)}

    with ThreadPoolExecutor(100) as readers:
        assert set().union(*readers.map(drag, range(100))) == {200}
