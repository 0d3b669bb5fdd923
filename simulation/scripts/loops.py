"""Source of the loops: steps of every optimizer, escape times, recording."""

from __future__ import annotations

from simulation.model.experiment import Experiment
from simulation.rules import RULES
from simulation.rules.record import Family, Rule

GRID = '''def recorded_steps():
    """The steps at which w is recorded (K,): half evenly spaced, half geometric."""
    even, ratio = np.linspace(0, STEPS, 300), np.geomspace(1, STEPS, 300)
    return np.unique(np.round(np.concatenate([even, ratio])).astype(np.int64))


def record(first, block, active, escape_time, steps, recorded):
    """Update escape times and recorded w from the steps first, first + 1, … of a block.

    block: w (steps, optimizers, paths, d); active (optimizers, paths): not diverged before. A path
    that has diverged cannot escape, and its last w is repeated. Returns `active` after the block.
    """
    inside = (np.abs(block @ Q) <= BOUND).all(axis=-1)
    inside = np.logical_and.accumulate(np.concatenate([active[None], inside]))[1:]
    distance = np.linalg.norm((block - SADDLE) @ ESCAPE_DIRECTIONS.T, axis=-1)
    escaped = (distance >= RADIUS) & inside
    new = (escape_time < 0) & escaped.any(axis=0)
    escape_time[new] = first + escaped.argmax(axis=0)[new]
    for i in steps[(steps >= first) & (steps < first + len(block))] - first:
        w = block[i, :, :RECORDED]
        last = recorded[-1] if recorded else w
        recorded.append(np.where(inside[i, :, :RECORDED, None], w, last))
    return inside[-1]
'''

NUMPY_LOOP = (
    GRID
    + '''

@np.errstate(all="ignore")
def run():
    """Run all optimizers on the same noise.

    Returns the recorded steps (K,), w (optimizers, recorded paths, K, d) and the escape times
    (optimizers, paths), −1 for a path that has not escaped.
    """
    state, steps, recorded = initial_state(SEED, PATHS), recorded_steps(), []
    w = np.tile(START, (len(NAMES), PATHS, 1))
    STATE
    active, escape_time = np.full(w.shape[:2], True), np.full(w.shape[:2], -1)
    block = np.empty((BLOCK, *w.shape))
    for first in range(0, STEPS + 1, BLOCK):
        x, batches = draw_noise(state)
        count = min(BLOCK, STEPS + 1 - first)
        for i in range(count):
            block[i] = w
            t = first + i
            g = gradient(w, batches[i]) + x[i] @ Q.T
            UPDATE
        active = record(first, block[:count], active, escape_time, steps, recorded)
    return steps, np.moveaxis(np.array(recorded), 0, 2), escape_time
'''
)

TORCH_LOOP = (
    GRID
    + '''

def step(t, before, x, batch):
    """Write w_t of each optimizer to `before` and make one step, on the noise x and the batch."""
    for c, optimizer in enumerate(OPTIMIZERS):
        (w,) = optimizer.param_groups[0]["params"]
        before[c] = w.detach()
        optimizer.zero_grad()
        (loss(w, batch) + (x * w).sum()).backward()  # the gradient is ∇f(w) + x
        BEFORE
        optimizer.step()


@np.errstate(all="ignore")
def run():
    """Run all optimizers on the same noise.

    Returns the recorded steps (K,), w (optimizers, recorded paths, K, d) and the escape times
    (optimizers, paths), −1 for a path that has not escaped.
    """
    state, steps, recorded = initial_state(SEED, PATHS), recorded_steps(), []
    shape = (len(NAMES), PATHS)
    active, escape_time = np.full(shape, True), np.full(shape, -1)
    block = np.empty((BLOCK, *shape, len(START)))
    for first in range(0, STEPS + 1, BLOCK):
        x, batches = draw_noise(state)
        x = torch.tensor(x @ Q.T)
        batches = torch.tensor(batches)
        count = min(BLOCK, STEPS + 1 - first)
        for i in range(count):
            step(first + i, block[i], x[i], batches[i])
        active = record(first, block[:count], active, escape_time, steps, recorded)
    return steps, np.moveaxis(np.array(recorded), 0, 2), escape_time
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
    """Run, print the escape times and save the results to the file named by the first argument."""
    steps, w, escape_time = run()
    for name, times in zip(NAMES, escape_time):
        escaped = (times >= 0).sum()
        if 2 * escaped > PATHS:
            median = np.median(np.where(times < 0, STEPS + 1, times))
            print(f"{name}: escapes after {median:,.0f} steps")
        else:
            print(f"{name}: {escaped} of {PATHS} paths have escaped after {STEPS:,} steps")
    if len(sys.argv) > 1:
        np.savez_compressed(sys.argv[1], steps=steps, w=w, escape_time=escape_time)


main()
'''
