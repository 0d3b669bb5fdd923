"""Source of the loops: steps of every optimizer, escape times, recording."""

from __future__ import annotations

from simulation.model.experiment import Experiment
from simulation.rules import RULES
from simulation.rules.record import Family, Rule

GRID = '''def kept_steps():
    """The steps that are kept: half evenly spaced, half by ratio."""
    even, ratio = np.linspace(0, STEPS, 300), np.geomspace(1, STEPS, 300)
    return np.unique(np.round(np.concatenate([even, ratio])).astype(np.int64))


def look(first, trail, alive, escape, diverged, grid, kept):
    """Notes escapes and divergence in a block of steps (steps, contenders, paths, d).

    Keeps the grid's steps; a path beyond BOUND does not escape any more, and is kept as it last
    was. It has diverged, unless it ran down where f falls for ever.
    """
    size = np.abs(trail @ Q)
    inside = (size <= BOUND).all(axis=-1)
    inside = np.logical_and.accumulate(np.concatenate([alive[None], inside]))[1:]
    distance = np.linalg.norm((trail - SADDLE) @ WAY_OUT.T, axis=-1)
    out = (distance >= RADIUS) & inside
    new = (escape < 0) & out.any(axis=0)
    escape[new] = first + out.argmax(axis=0)[new]
    when = inside.argmin(axis=0)
    size = np.take_along_axis(size, when[None, ..., None], axis=0)[0]
    fell = (FALLING * size**2).sum(axis=-1) > 0.5 * size.max(axis=-1) ** 2
    new = alive & ~inside[-1] & ~fell
    diverged[new] = first + when[new]
    for i in grid[(grid >= first) & (grid < first + len(trail))] - first:
        last = kept[-1] if kept else trail[i, :, :KEPT]
        kept.append(np.where(inside[i, :, :KEPT, None], trail[i, :, :KEPT], last))
    return inside[-1]
'''

NUMPY_LOOP = (
    GRID
    + '''

@np.errstate(all="ignore")
def run():
    """Every contender on every path, on the same noise: grid, kept w, escapes, divergence."""
    state, grid, kept = seeded(SEED, PATHS), kept_steps(), []
    w = np.tile(START, (len(NAMES), PATHS, 1))
    STATE
    alive = np.full(w.shape[:2], True)
    escape, diverged = np.full((2, *w.shape[:2]), -1)
    trail = np.empty((BLOCK, *w.shape))
    for first in range(0, STEPS + 1, BLOCK):
        x, batches = draw(state)
        count = min(BLOCK, STEPS + 1 - first)
        for i in range(count):
            trail[i] = w
            t = first + i
            g = gradient(w, batches[i]) + x[i] @ Q.T
            UPDATE
        alive = look(first, trail[:count], alive, escape, diverged, grid, kept)
    return grid, np.moveaxis(np.array(kept), 0, 2), escape, diverged
'''
)

TORCH_LOOP = (
    GRID
    + '''

def step(t, trail, x, batch):
    """One step of every contender, on the noise x; trail takes where each one was."""
    for c, optimizer in enumerate(OPTIMIZERS):
        (w,) = optimizer.param_groups[0]["params"]
        trail[c] = w.detach()
        optimizer.zero_grad()
        (loss(w, batch) + (x * w).sum()).backward()  # the gradient is ∇f(w) + x
        BEFORE
        optimizer.step()


@np.errstate(all="ignore")
def run():
    """Every contender on every path, on the same noise: grid, kept w, escapes, divergence."""
    state, grid, kept = seeded(SEED, PATHS), kept_steps(), []
    shape = (len(NAMES), PATHS)
    alive = np.full(shape, True)
    escape, diverged = np.full((2, *shape), -1)
    trail = np.empty((BLOCK, *shape, len(START)))
    for first in range(0, STEPS + 1, BLOCK):
        x, batches = draw(state)
        x = torch.tensor(x @ Q.T)
        batches = torch.tensor(batches)
        count = min(BLOCK, STEPS + 1 - first)
        for i in range(count):
            step(first + i, trail[i], x[i], batches[i])
        alive = look(first, trail[:count], alive, escape, diverged, grid, kept)
    return grid, np.moveaxis(np.array(kept), 0, 2), escape, diverged
'''
)


def numpy_update(experiment: Experiment) -> str:
    """Return the lines that advance w and m from step t to t+1, for the rules in use."""
    rules = racing(experiment)
    first, *others = families(experiment)
    sources = {family.flag: _lines(family, rules) for family in (first, *others)}
    lines = "".join(sources[family.flag][0] for family in (*others, first))
    _, step = sources[first.flag]
    if not others:
        comment = f"  # {first.comment}" if first.comment else ""
        return f"{lines}            m, w = {first.momentum}, w - {step}{comment}\n"
    m, w = first.momentum, f"w - {step}"
    for family in others:
        m = f"np.where({family.flag}, {family.momentum}, {m})"
        w = f"np.where({family.flag}, w - {sources[family.flag][1]}, {w})"
    return f"{lines}            m = {m}\n            w = {w}\n"


def numpy_state(experiment: Experiment) -> str:
    """Return the line that initialises m and other state arrays of the rules in use to zero."""
    names = ["m", *(name for family in families(experiment) for name in family.state)]
    return f"    {', '.join(names)} = {', '.join(['np.zeros_like(w)'] * len(names))}\n"


def racing(experiment: Experiment) -> list[Rule]:
    """Return the distinct rules in use, in the registry's order."""
    names = {contender.rule for contender in experiment.contenders}
    return [rule for rule in RULES.values() if rule.name in names]


def families(experiment: Experiment) -> list[Family]:
    """Return the distinct families of the rules in use, in the registry's order."""
    return list({rule.family.flag: rule.family for rule in racing(experiment)}.values())


def _lines(family: Family, rules: list[Rule]) -> tuple[str, str]:
    """Return a family's lines with the variants of its rules filled in, and its step."""
    names = dict(family.slots)
    slots = dict.fromkeys(names, "")
    for rule in rules:
        if rule.family.flag != family.flag or rule.variant is None:
            continue
        slot, condition, value = rule.variant.slot, rule.variant.condition, rule.variant.value
        comment = f"  # {rule.variant.comment}" if rule.variant.comment else ""
        line = f"{slot} = np.where({condition}, {value}, {names[slot]}){comment}"
        slots[slot] += f"            {line}\n"
        names[slot] = slot
    return family.numpy.format(**slots), family.step.format(**names)


REPORT = '''
def main():
    """Runs, says who escapes when, and saves where a file is named."""
    steps, w, escape, diverged = run()
    for name, times, gone in zip(NAMES, escape, diverged):
        times = np.where(gone >= 0, -1, times)  # a path that diverges has not escaped
        out, gone = times[times >= 0], gone[gone >= 0]
        if len(gone) and 2 * len(gone) >= PATHS:
            print(f"{name}: diverges, {len(gone)} of {PATHS} paths, from step {gone.min():,} on")
        elif 2 * len(out) > PATHS:
            middle = np.median(np.where(times < 0, STEPS + 1, times))
            print(f"{name}: escapes after {middle:,.0f} steps")
        else:
            print(f"{name}: {len(out)} of {PATHS} paths have escaped after {STEPS:,} steps")
    if len(sys.argv) > 1:
        np.savez_compressed(sys.argv[1], steps=steps, w=w, escape_time=escape,
                            diverged_at=diverged)


main()
'''
