"""The front that compose.yaml sets before the page: slow clients hold no worker."""

from __future__ import annotations

import select
import socket
from collections.abc import Iterator
from contextlib import ExitStack

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
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("front")
    with running_gunicorn(folder / "gunicorn.log", {"TRUSTED_PROXIES": "1"}) as page:
        page.process.poll()
        with running_nginx(folder, page) as server:
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
