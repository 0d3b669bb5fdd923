"""The commands `run` and `sweep`: the page's grammar, the engine's numbers, one line on a fault."""

from __future__ import annotations

import csv
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tomllib
from pathlib import Path

import click
import numpy as np
import pytest
import waitress

import simulation
from app.cli.group import COMMANDS, main
from app.cli.serve import listening_port
from simulation import simulate
from simulation.export import STATUSES
from simulation.model.query import parse_query
from simulation.sweeps.grid import parse_sweep
from tests.waiting import PATIENCE

ROOT = Path(__file__).parents[2]
QUERY = "landscape=quadratic&run=0,nesterov:0.9&T=20000&N=30"
SWEEP = "landscape=quadratic&run=0.5&N=16&T=3000&x=beta:0:0.9:5&y=eta:0.02:0.2:4:log"


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("DASK_SCHEDULER_ADDRESS", raising=False)
    return tmp_path


def test_run_writes_the_trajectories_bit_for_bit(kept: Path) -> None:
    assert main(["run", QUERY, "-o", str(kept / "run.npz"), "--record", "3"]) == 0
    expected = simulate(parse_query(QUERY), record_paths=3)
    with np.load(kept / "run.npz", allow_pickle=False) as found:
        assert parse_query(str(found["query"])) == expected.experiment
        assert found["contender"].tolist() == ["0", "nesterov:0.9"]
        for name in ("steps", "w", "momentum", "gradient", "value", "escape_time", "step_sizes"):
            assert np.array_equal(found[name], getattr(expected, name))


def test_run_prints_what_the_page_draws(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", QUERY, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert main(["run", QUERY, "--csv"]) == 0
    rows = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    assert len(rows) == 2 * len(said["steps"])
    assert [float(r["distance_median"]) for r in rows] == np.ravel(said["distance_median"]).tolist()
    run = simulate(parse_query(QUERY))
    assert said["escape_median"] == [float(np.median(times)) for times in run.escape_time]


def test_run_prints_a_table_where_no_format_is_asked_for(
    kept: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", QUERY]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert lines[1].startswith("SGD")
    assert "30 of 30" in lines[1]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["run", "eta=99"], "from 1e-7 to 10"),
        (["run", "eta=0.1&what=1"], "no parameter has this name"),
        (["run", QUERY, "-o", "run.xlsx"], "ending in .npz, .csv, .json"),
        (["run", QUERY, "-o", "/nowhere/run.npz"], "No such file"),
        (["sweep", "x=beta:0:2:9"], "from 0 to 0.9999"),
        (["sweep", "run=0,0.9&x=beta:0:0.9:9"], "one optimizer"),
    ],
)
def test_a_fault_is_one_line_and_exit_code_2(
    kept: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    assert main(words) == 2
    shown = capsys.readouterr()
    assert said in shown.err
    assert "Traceback" not in shown.err
    assert shown.out == ""


def test_sweep_writes_the_same_map_in_three_formats_and_keeps_its_tiles(
    kept: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for ending in ("npz", "csv", "json"):
        assert main(["sweep", SWEEP, "-o", str(kept / f"map.{ending}")]) == 0
    assert "20 cells" in capsys.readouterr().err
    tiles = sorted((kept / "cache/saddlescape/tiles").iterdir())
    said = json.loads((kept / "map.json").read_text())
    rows = list(csv.DictReader((kept / "map.csv").read_text().splitlines()))
    with np.load(kept / "map.npz", allow_pickle=False) as found:
        sweep = parse_sweep(str(found["query"]))
        assert sweep == parse_sweep(SWEEP)
        assert found["x"].tolist() == list(sweep.x.values) == said["x"]
        alone = simulate(sweep.cell(2, 3), record_paths=1, points=4)
        assert found["median"][2, 3] == np.median(alone.escape_time)
        flat = found["median"].ravel()
        assert [float(r["median"] or "nan") for r in rows] == pytest.approx(flat, nan_ok=True)
        assert [r["status"] for r in rows] == [STATUSES[s] for s in found["status"].ravel()]
        first = (kept / "map.npz").read_bytes()
    before = [tile.stat().st_mtime_ns for tile in tiles]
    assert main(["sweep", SWEEP, "-o", str(kept / "map.npz"), "--threads", "1"]) == 0
    assert (kept / "map.npz").read_bytes() == first
    assert [tile.stat().st_mtime_ns for tile in tiles] == before


@pytest.mark.long
def test_a_scheduler_that_is_not_there_is_one_sentence_and_this_machine(
    kept: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
    assert main(["sweep", SWEEP, "--dask", "tcp://127.0.0.1:1", "--json"]) == 0
    shown = capsys.readouterr()
    assert "No Dask scheduler answers at tcp://127.0.0.1:1. The sweep runs" in shown.err
    assert len(json.loads(shown.out)["median"]) == 4


@pytest.mark.long
def test_ctrl_c_stops_a_long_sweep_and_keeps_what_is_finished(tmp_path: Path) -> None:
    # 3 million steps a path at the far radius: minutes of work
    text = (
        "landscape=quadratic&run=0.9&N=4096&T=3000000&R=100&noise=gaussian"
        "&x=R:0.01:100:8:log&y=eta:1e-7:1:8:log"
    )
    store = tmp_path / "tiles"
    process = subprocess.Popen(
        [sys.executable, "-m", "app", "sweep", text, "--store", str(store)],
        stderr=subprocess.PIPE, text=True, env=os.environ,
        # a test run in the background is started deaf to SIGINT, and its children with it
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
    )  # fmt: skip
    assert process.stderr is not None
    for line in process.stderr:
        if "of one core" in line:
            break
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert err.strip().endswith("Stopped.")


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    said = capsys.readouterr().out
    for name in COMMANDS:
        assert re.search(rf"^  {name} +\w", said, re.MULTILINE)


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_every_command_has_its_own_help(
    name: str, flag: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([name, flag]) == 0
    said = capsys.readouterr().out
    command = COMMANDS[name].load()
    assert said.startswith(f"Usage: saddlescape {name} ")
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help
            assert parameter.opts[-1] in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["swep"], "No such command 'swep'. Did you mean 'sweep'?"),
        (["swep", SWEEP, "--csv"], "No such command 'swep'. Did you mean 'sweep'?"),
        (["xyz"], "No such command 'xyz'."),
        (["--prt", "1"], "No such option '--prt'. Did you mean '--port'?"),
        (["--port", "many"], "'many' is not a valid integer"),
        (["--port", "65536"], "65536 is not in the range 0<=x<=65535"),
        (["serve", "8060"], "Got unexpected extra argument"),
        (["run"], "Missing argument 'QUERY'."),
        (["run", QUERY, "--jsno"], "No such option '--jsno'. Did you mean '--json'?"),
        (["run", QUERY, "--json", "--csv"], "--csv and --json exclude each other."),
        (["run", QUERY, "--record", "x"], "'x' is not a valid integer"),
        (["sweep", SWEEP, "--threads"], "requires an argument"),
        (["warm", "now"], "Got unexpected extra argument"),
    ],
)
def test_a_wrong_word_is_one_line_and_exit_code_2(
    capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    assert main(words) == 2
    shown = capsys.readouterr()
    assert said in shown.err
    assert shown.err.count("\n") == 1
    assert shown.out == ""


def test_a_long_option_may_be_abbreviated(kept: Path) -> None:
    file = kept / "run.npz"
    assert main(["run", QUERY, f"--out={file}", "--rec", "3", "--thr", "1"]) == 0
    assert file.exists()


def test_without_a_command_the_words_are_those_of_serve(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["--port", "8060", "--host", "::1", "--help"]) == 0
    assert capsys.readouterr().out.startswith("Usage: saddlescape serve ")


@pytest.mark.parametrize("sockets", [1, 2])  # `localhost` may be two addresses
def test_the_port_is_known_of_a_host_with_several_addresses(sockets: int) -> None:
    server = waitress.create_server(lambda *_: [], listen=" ".join(["127.0.0.1:0"] * sockets))
    try:
        assert listening_port(server) > 0
    finally:
        server.close()


def test_the_version_is_the_distributions(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"saddlescape {simulation.version.__version__}\n"
    found = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert found["project"]["dynamic"] == ["version"]
    assert found["tool"]["hatch"]["version"] == {"path": "simulation/version.py"}
    assert re.fullmatch(r"\d+\.\d+\.\d+", simulation.__version__)


LOADED = """
import sys
from app.cli.group import main
code = main(sys.argv[1:])
loaded = {name.partition(".")[0] for name in sys.modules}
print(sorted(loaded & {"flask", "dash", "plotly", "werkzeug", "waitress"}), file=sys.stderr)
raise SystemExit(code)
"""


@pytest.mark.long
@pytest.mark.parametrize("words", [["run", QUERY, "--csv"], ["sweep", SWEEP, "--json"]])
def test_a_command_loads_no_web_framework(kept: Path, words: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *words], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout
    assert done.stderr.splitlines()[-1] == "[]"


@pytest.mark.deploy
@pytest.mark.long
def test_an_address_that_is_taken_is_one_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "app", "--host", "127.0.0.1", "--port", str(port)],
            capture_output=True, text=True, check=False, cwd=ROOT,
        )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.startswith(f"The page cannot be served at 127.0.0.1:{port}: ")
    assert done.stderr.count("\n") == 1
