"""Do two revisions compute and draw the same? For changes that are to move no number.

`python benchmarks/same_numbers.py OLD [NEW]` checks both out into a temporary folder, runs each
in a process of its own and prints what differs; exit status 1 if a number does. NEW is the
working tree where it is left out; either may be a folder. `--write FILE` writes the digests of
the tree in the current directory.

What is compared: runs, summaries, sweeps, the figures and props of every tab, and published
links, read and written back. Strings that are not colours are digested apart from everything
else, so that a changed sentence is listed as such and hides no changed number.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

PLACES: Mapping[str, tuple[str, ...]] = {
    "create_app": ("app.server:create_app",),
    "read": ("app.state.page_state:read", "app.state:read"),
    "write": ("app.state.page_state:write", "app.state:write"),
    "settings": ("app.settings:Settings",),
    "parse": ("simulation.model.query:repair_query", "simulation.query:repair_query"),
    "simulate": ("simulation:simulate",),
    "summarise": ("simulation.results.summary:summarise", "simulation.summary:summarise"),
    "parse_sweep": ("simulation.sweeps.grid:parse_sweep", "simulation.sweep:parse_sweep"),
    "tiles": ("simulation.sweeps.tiles:tiles", "simulation.tiles:tiles"),
    "compute_tile": ("simulation.sweeps.tiles:compute_tile", "simulation.tiles:compute_tile"),
}
"""Function → where it is found, "module:name", the newest layout first."""

GROUND = (
    "landscape=toy&T=2000&eta=0.01",
    "landscape=quadratic&T=900&N=9",
    "landscape=quadratic&eig=2,1,-0.5,-0.5&T=400&N=6&rot=30",
    "landscape=phase-retrieval&T=200&N=3",
    "landscape=linear-net&T=500&N=5",
    "landscape=monkey&T=700&N=4",
)
RACES = (
    "0,0.3,0.5,0.7,0.9",
    "0,nesterov:0.9,0.99",
    "0.9",
    "adam,amsgrad:0.99,boosted:0.5",
    "0,0.9",
)
NOISES = ("gaussian", "samples", "none", "samples&n=7&batch=3")
HOLDS = ("step", "effective", "stability")
STARTS = ("", "&w0=0.02,-0.01", "&c=0,0.01", "&R=0.3")
TABS = ("explore", "choose", "properties", "distribution", "lessons")
VIEWS = ("", "&axes=log", "&theme=dark", "&axes=scaled&theme=projector&t=40")
COUNT = 120

SWEEPS = (
    "landscape=quadratic&N=16&T=600&run=0.9&x=beta:0:0.99:6:near-one&y=eta:0.01:0.3:4:log",
    "landscape=toy&N=8&T=500&eta=0.02&run=0.5&x=sd.out:0.01:0.3:4:log&y=eig.out:-0.5:-0.1:4",
)
LINKS = (
    "", "run=0,0.9", "run=0,0.3,adam", "landscape=quadratic&N=16&T=500", "tab=choose&T=500",
    "landscape=phase-retrieval&T=100&N=2", "landscape=linear-net&T=300&N=4&w0=0.1,0.1",
    "landscape=monkey&T=300&N=4&tab=distribution", "tab=lessons&lesson=1", "lesson=2&reveal=1",
    "lesson=5", "tab=properties&eps=0.05&tau=100&T=500", "tab=sweep&x=beta:0:0.99:12:near-one",
    "tab=sweep&y=eta:1e-3:0.1:8:log&cellN=16", "T=500&axes=log&t=120", "T=500&axes=scaled&sel=0",
    "T=500&view=embed&hide=beta,eta", "T=500&view=present", "theme=dark&T=500", "budget=20&T=500",
    "tab=choose&budget=1e3&T=500", "hold=effective&run=0,0.9&T=500", "hold=stability&T=500",
    "noise=none&T=500", "noise=gaussian&sd=0.1&T=500", "n=7&batch=3&T=500", "c=0,0.01&T=500",
    "rot=45&T=500", "R=0.2&T=500", "seed=7&T=500", "run=boosted:0.9&r=1e-2&period=50&T=500",
    "eig=2,1,-0.5&T=500", "momentum=0.9&T=500", "lr=0.1&T=500", "run=foo,bar,0.5&T=500",
    "eta=banana&T=500", "hold=stability&run=adam&T=500", "sd=1,2,3&T=500", "T=1e9", "thme=dark&v=2",
)  # fmt: skip
"""Addresses as they were published, some of them with mistakes."""

EDITS = ({"eta": "0.02"}, {"beta": "0.8"}, {"hold": "effective"}, {"T": "300"}, {"add": "adam"})
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}|(rgb|hsl)a?\([^()]*\)")
Digests = dict[str, dict[str, Any]]


def queries() -> Iterator[str]:
    """COUNT experiments: every landscape, and each list run through at a pace of its own."""
    for i in range(COUNT):
        j = i // len(GROUND)
        yield (
            f"{GROUND[i % len(GROUND)]}&run={RACES[j % len(RACES)]}&noise={NOISES[i * 3 // 4 % 4]}"
            f"&hold={HOLDS[(i + j) % 3]}{STARTS[(i + j // 2) % 4]}{VIEWS[j // 3 % 4]}&seed={i}"
        )


def found(name: str) -> Callable[..., Any]:
    """The function of PLACES in the layout that is on the path; raises ImportError."""
    for place in PLACES[name]:
        module, _, attribute = place.partition(":")
        try:
            return getattr(import_module(module), attribute)
        except (ImportError, AttributeError):
            continue
    raise ImportError(f"{name} is in none of {', '.join(PLACES[name])}")


def leaves(value: Any) -> Iterator[Any]:
    """What a value is made of, in order: names of fields and keys do not count."""
    if is_dataclass(value):
        for field in fields(value):
            yield from leaves(getattr(value, field.name))
    elif isinstance(value, Mapping) and "bdata" in value:
        yield [value.get("dtype"), value["bdata"], value.get("shape")]
    elif isinstance(value, Mapping):
        for key in sorted(value, key=str):  # Dash gives them in no order
            yield from leaves(value[key])
    elif isinstance(value, list | tuple):
        yield len(value)
        for item in value:
            yield from leaves(item)
    elif hasattr(value, "tobytes"):
        yield [value.dtype.str, list(value.shape), hashlib.sha256(value.tobytes()).hexdigest()]
    else:
        yield value


def digest(value: Any) -> dict[str, Any]:
    """The SHA-256 of all but strings, and the strings."""
    numbers, words = hashlib.sha256(), []
    for leaf in leaves(value):
        if isinstance(leaf, str) and not COLOUR.fullmatch(leaf):
            words.append(leaf)
        else:
            numbers.update(json.dumps(leaf).encode() + b"\n")
    return {"numbers": numbers.hexdigest(), "words": words}


def components(tree: Any) -> Iterator[dict[str, Any]]:
    """The props of every component of a layout."""
    if isinstance(tree, list):
        for child in tree:
            yield from components(child)
    elif isinstance(tree, Mapping) and "props" in tree:
        yield tree["props"]
        yield from components(tree["props"].get("children"))


def page(layout: Any) -> Iterator[tuple[str, Any]]:
    """The parts of a page by their ids: figures, and the props of all else that has one."""
    for props in components(layout):
        if "figure" in props:
            yield f"figure {props['id']}", props["figure"]
        elif "id" in props:
            own = {name: value for name, value in props.items() if name != "children"}
            text = props.get("children")
            name = json.dumps(props["id"]).strip('"')
            yield f"props {name}", [own, text if isinstance(text, str) else None]
    yield "page", [leaf for leaf in leaves(layout) if not isinstance(leaf, str)]


def of_runs() -> Digests:
    """Runs and their summaries."""
    out: Digests = {}
    for i, query in enumerate(queries()):
        experiment, _ = found("parse")(query, known=("axes", "theme", "t"))
        run = found("simulate")(experiment, record_paths=8, points=60)
        out[f"run {i:03} {query}"] = digest(run)
        out[f"summary {i:03} {query}"] = digest(found("summarise")(run))
    return out


def of_sweeps() -> Digests:
    """The tiles of a sweep, as bytes."""
    out: Digests = {}
    for text in SWEEPS:
        sweep = found("parse_sweep")(text)
        data = [found("compute_tile")(sweep, tile) for tile in found("tiles")(sweep)]
        out[f"sweep {text}"] = digest([hashlib.sha256(part).digest().hex() for part in data])
        out[f"sweep {text}"]["numbers"] = hashlib.sha256(b"".join(data)).hexdigest()
    return out


def of_pages() -> Digests:
    """Figures and props of the page, on one tab an experiment; and what a drag answers."""
    client = found("create_app")(found("settings")()).server.test_client()
    out: Digests = {}
    for i, query in enumerate(queries()):
        tab = TABS[i % len(TABS)]
        said = f"{query}&tab={tab}" + ("&lesson=3" if tab == "lessons" else "")
        for part, value in page(client.get(f"/_dash-layout?{said}").get_json()):
            out[f"{tab} {i:03} {part} {query}"] = digest(value)
    for i, link in enumerate(LINKS):
        wanted = {"q": link, "edits": json.dumps(EDITS[i % len(EDITS)])}
        out[f"drag {link}"] = digest(client.get("/live", query_string=wanted).get_json())
    for text in SWEEPS:
        layout = client.get(f"/_dash-layout?{text}&tab=sweep").get_json()
        for part, value in page(layout):
            out[f"sweep {part} {text}"] = digest(value)
    return out


def of_links() -> Digests:
    """Published links: the state that each is read as, what was repaired, and what is written."""
    out: Digests = {}
    tabs = (*TABS, "sweep")
    for link in LINKS:
        state, repairs = found("read")(link, tabs)
        out[f"link {link}"] = digest([state, [str(repair) for repair in repairs]])
        written = digest([found("write")(state)])
        written["numbers"] = written["words"]  # an address is no sentence
        out[f"link written {link}"] = written
    return out


def digests() -> Digests:
    """Name → what `digest` makes of it, for the tree that is first on the path."""
    return of_runs() | of_sweeps() | of_links() | of_pages()


def taken(tree: Path) -> Digests:
    """The digests of a tree, computed in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "digests.json"
        command = [sys.executable, "-P", str(Path(__file__).resolve()), "--write", str(file)]
        there = os.environ | {"PYTHONPATH": str(tree), "CACHE_DIR": "", "CACHE_REDIS_URL": ""}
        there["PYTHONHASHSEED"] = "0"
        subprocess.run(command, cwd=tree, env=there, check=True)
        found: Digests = json.loads(file.read_text())
    return found


def checked_out(revision: str, folder: Path) -> Path:
    """The tree of a revision: a folder as it stands, or a git worktree under `folder`."""
    if not revision or Path(revision).is_dir():
        return Path(revision or ".").resolve()
    tree = folder / re.sub(r"\W", "-", revision)
    subprocess.run(["git", "worktree", "add", "--quiet", "--detach", tree, revision], check=True)
    return tree


def compare(old: Digests, new: Digests) -> int:
    """Prints what differs; how many names have another number, or are in one of both only."""
    differ = 0
    for name in {**old, **new}:
        if name not in old or name not in new:
            differ += 1
            print(f"{'new' if name in new else 'GONE'}: {name}")
        elif old[name]["numbers"] != new[name]["numbers"]:
            differ += 1
            print(f"NUMBERS: {name}")
    seen: set[tuple[str, ...]] = set()
    for name in old.keys() & new.keys():
        before, after = old[name]["words"], new[name]["words"]
        if before == after:
            continue
        lost, gained = sorted({*before} - {*after}), sorted({*after} - {*before})
        if (change := (*lost, "→", *gained)) not in seen:
            seen.add(change)
            print(f"words: {name}\n  - {lost}\n  + {gained}")
    print(f"{len(old)} and {len(new)} digests: {differ} differ, {len(seen)} changes of words")
    return differ


def main() -> int:
    """0 where no number differs."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("old", nargs="?", default="HEAD")
    parser.add_argument("new", nargs="?", default="")
    parser.add_argument("--write", metavar="FILE", type=Path)
    given = parser.parse_args()
    if given.write:
        given.write.write_text(json.dumps(digests(), indent=0))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        trees = [checked_out(revision, Path(folder)) for revision in (given.old, given.new)]
        try:
            old, new = (taken(tree) for tree in trees)
        finally:
            for tree in trees:
                if tree.is_relative_to(folder):
                    subprocess.run(["git", "worktree", "remove", "--force", tree], check=True)
    return compare(old, new) > 0


if __name__ == "__main__":
    sys.exit(main())
