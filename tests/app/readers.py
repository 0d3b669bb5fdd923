"""Random but valid experiments, and every request that a reader's page makes for one of them."""

from __future__ import annotations

import io
import json
import math
import traceback
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.parse import quote

from app.cli.group import main
from app.tabs.registry import TAB_MODULES
from simulation.landscapes.registry import LANDSCAPES
from simulation.model.experiment import PARAMETERS, default_of
from simulation.model.holds import HOLDS
from simulation.model.query import format_query, repair_query
from simulation.noise import NOISES
from simulation.rules import RULES
from simulation.runs import budget
from tests.simulation.formula_cases import FORMULAS

WORK = 2_000_000  # steps × paths × contenders × samples a step of a drawn experiment, at most
Draw = Callable[[Random], str]


def decades(random: Random, low: float, high: float) -> float:
    """A number from low to high, even in its logarithm; each end once in twenty."""
    if random.random() < 0.1:
        return random.choice([low, high])
    at = random.uniform(math.log10(low), math.log10(high))
    return min(max(float(f"{10**at:.4g}"), low), high)


def signed(random: Random, low: float, high: float) -> float:
    """Zero, or a number of either sign up to low < 0 < high, over all its decades."""
    kind = random.random()
    if kind < 0.15:
        return 0.0
    return decades(random, 1e-6, high) if kind < 0.6 else -decades(random, 1e-6, -low)


def listed(draw: Callable[[Random], float], least: int, most: int) -> Draw:
    """Comma-separated numbers, as many as are allowed."""
    return lambda random: ",".join(
        f"{draw(random):.6g}" for _ in range(random.randint(least, most))
    )


def momentum(random: Random) -> float:
    usual = random.choice([0.0, 0.5, 0.9, 0.99, 0.999, 0.9999])
    return random.choice([usual, round(random.uniform(0, 0.9999), 4)])


def formula(random: Random) -> str:
    """A formula for a link: a known one, or a random tree of operators and functions."""
    if random.random() < 0.4:
        text = random.choice([text for text, _, _ in FORMULAS.values()])
    else:
        text = f"{term(random, 3)}+{term(random, 2)}"
    return quote(text)


def term(random: Random, depth: int) -> str:
    """A random expression of x, y, z, numbers and the parameters a, b."""
    if depth == 0 or random.random() < 0.15:
        return random.choice(["x", "y", "x", "y", "z", "a", "b", "0.5", "2", "x^2", "y^3"])
    kind = random.random()
    if kind < 0.3:
        name = random.choice(["exp", "log", "sqrt", "sin", "cos", "tanh", "abs", "relu"])
        return f"{name}({term(random, depth - 1)})"
    one, other = term(random, depth - 1), term(random, depth - 1)
    if kind < 0.45:
        return f"({one})^{random.choice(['2', '3', '4', '-1', '0.5', '1.5'])}"
    return f"({one}){random.choice('+-*/')}({other})"


def optimizers(random: Random) -> str:
    """One to eight of rule:β; SGD is among them in two of three."""
    rules = random.choices(sorted(RULES), k=random.randint(1, 7))
    some = [f"{rule}:{momentum(random)}" for rule in rules]
    return ",".join(["0"] * (random.random() < 0.67) + some)


FIELDS: dict[str, Draw] = {
    "eigenvalues": listed(lambda r: signed(r, -10, 100), 2, 6),
    "formula": formula,
    "parameters": lambda r: f"a:{signed(r, -10, 10):.4g},b:{signed(r, -10, 10):.4g}",
    "near": listed(lambda r: r.uniform(-3, 3), 2, 2),
    "dimension": lambda r: str(r.randint(2, 50)),
    "rotation": lambda r: r.choice(["0", "30", "45", "90"]),
    "contenders": optimizers,
    "step_size": lambda r: str(decades(r, 1e-7, 10.0)),
    "hold": lambda r: r.choice(list(HOLDS)),
    "noise": lambda r: r.choice(tuple(NOISES)),
    "noise_sd": listed(lambda r: abs(signed(r, -10, 10)), 1, 3),
    "tilt": listed(lambda r: signed(r, -1, 1), 1, 3),
    "samples": lambda r: r.choice(["1", "2", "256", "257", "1000", str(r.randint(1, 1000))]),
    "batch": lambda r: r.choice(["1", "2", "10", "64", "1000"]),
    "start": listed(lambda r: r.choice([0.0, r.uniform(-2, 2), signed(r, -10, 10)]), 2, 2),
    "radius": lambda r: str(decades(r, 1e-6, 100.0)),
    "boost": lambda r: str(decades(r, 1e-7, 10.0)),
    "period": lambda r: r.choice(["1", "2", "100", "3000000"]),
    "seed": lambda r: str(r.randrange(2**32)),
}


def experiment(seed: int) -> str:
    """The query of a valid experiment, written as the address bar would; a seed each its own."""
    random = Random(seed)
    landscape = random.choice(sorted(LANDSCAPES))
    given = {"landscape": landscape}
    for name in random.sample(sorted(FIELDS), random.randint(0, 8)):
        given[PARAMETERS[name].key] = FIELDS[name](random)
    lanes = given.get("run", ",,,,").count(",") + 1
    noise = given.get("noise", default_of("noise", landscape))
    batch = int(given.get("batch", default_of("batch", landscape))) if noise == "samples" else 1
    paths = random.choice([1, 1, 2, 8, 64])
    most = max(10, min(3000, WORK // (lanes * batch * paths)))
    given |= {"N": str(paths), "T": str(round(decades(random, 10, most)))}
    nearest, _ = repair_query("&".join(f"{key}={text}" for key, text in given.items()))
    return format_query(nearest)


def is_affordable(query: str) -> bool:
    """Whether the experiment is within the live budget of page and API."""
    experiment, _ = repair_query(query)
    return budget.work(experiment) <= budget.LIVE_BUDGET


@dataclass(frozen=True)
class Answer:
    """What came back: who was asked, the status (the exit code of a command), and what it said."""

    asked: str
    status: int
    said: str = ""


Get = Callable[[str], "tuple[int, str]"]
Post = Callable[[str, bytes], "tuple[int, str]"]


def client(app: Any) -> tuple[Get, Post]:
    """Requests to a Dash app in this process; the text is the traceback where one was raised."""
    test_client = app.server.test_client()

    def asked(send: Callable[[], Any]) -> tuple[int, str]:
        try:
            answer = send()
        except Exception:  # as a server would: 500
            return 500, traceback.format_exc()
        return answer.status_code, answer.get_data(as_text=True)

    def post(path: str, body: bytes) -> tuple[int, str]:
        return asked(lambda: test_client.post(path, data=body, content_type="application/json"))

    return lambda path: asked(lambda: test_client.get(path)), post


def filled(app: Any, tab: str, query: str) -> bytes | None:
    """The body with which a page asks for an open tab's contents; None where it has none."""
    for output, callback in app.callback_map.items():
        wanted = [part["id"] for part in callback["inputs"]]
        if f"due-{tab}" in wanted and "callback" in callback:
            names = output.strip(".").split("...")
            values = {f"due-{tab}": query, "query": query, "look": "light", "sweep-seen": ""}
            said = {
                "output": output,
                "outputs": [dict(zip(("id", "property"), name.rpartition(".")[::2], strict=True))
                            for name in names],
                "inputs": [part | {"value": values.get(part["id"])} for part in callback["inputs"]],
                "state": [part | {"value": values.get(part["id"])} for part in callback["state"]],
                "changedPropIds": [f"due-{tab}.data"],
            }  # fmt: skip
            return json.dumps(said).encode()
    return None


def answers(app: Any, get: Get, post: Post, query: str, tab: str) -> Iterator[Answer]:
    """Every request of a page that opens the experiment on a tab and moves one control."""
    link = f"{query}&tab={tab}".lstrip("&")
    q = quote(link, safe="")
    paths = [
        f"/?{link}",
        f"/_dash-layout?{link}",
        f"/live?q={q}&edits=%7B%7D&have=",
        f"/live?q={q}&edits={quote(json.dumps({'seed': '7'}))}&have=&hand=off",
        f"/live?q={q}&rest&have=",
    ]
    yield from (Answer(path, *get(path)) for path in paths)
    body = filled(app, tab, link)
    if body is not None:
        yield Answer(f"fill {tab} {link}", *post("/_dash-update-component", body))


def numbers(get: Get, query: str) -> Iterator[Answer]:
    """The API's answers for an experiment, and what its scripts are."""
    for path in ("/api/v1/run", "/api/v1/theory", "/script/numpy.py", "/script/torch.py"):
        yield Answer(f"{path}?{query}", *get(f"{path}?{query}"))


def command(query: str) -> Answer:
    """`saddlescape run` of an experiment, in this process."""
    said = io.StringIO()
    try:
        with redirect_stdout(io.StringIO()), redirect_stderr(said):
            status = main(["run", query, "--json", "-o", "/dev/null"])
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 1
    except Exception:
        return Answer(f"run {query}", 500, traceback.format_exc())
    return Answer(f"run {query}", status, said.getvalue())


TABS = tuple(TAB_MODULES)
