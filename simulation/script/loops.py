"""The loops as source: every step of every contender, the escapes, what is kept.

Source: DESIGN.md section 3.
"""

from __future__ import annotations

from simulation.experiment import Experiment
from simulation.rules import UPDATE_RULES

GRID = '''def kept_steps():
    """The steps that are kept: half evenly spaced, half by ratio."""
    even, ratio = np.linspace(0, STEPS, 300), np.geomspace(1, STEPS, 300)
    return np.unique(np.round(np.concatenate([even, ratio])).astype(np.int64))


def look(first, trail, alive, escape, grid, kept):
    """Notes escapes in a block of steps (steps, contenders, paths, d), and keeps the grid's.

    A path that has diverged does not escape any more, and is kept as it last was.
    """
    inside = (np.abs(trail @ Q) <= BOUND).all(axis=-1)
    inside = np.logical_and.accumulate(np.concatenate([alive[None], inside]))[1:]
    distance = np.linalg.norm((trail - SADDLE) @ WAY_OUT.T, axis=-1)
    out = (distance >= RADIUS) & inside
    new = (escape < 0) & out.any(axis=0)
    escape[new] = first + out.argmax(axis=0)[new]
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
    """Every contender on every path, on the same noise: grid, kept w, escape times."""
    state, grid, kept = seeded(SEED, PATHS), kept_steps(), []
    w = np.tile(START, (len(NAMES), PATHS, 1))
    m, v, largest = np.zeros_like(w), np.zeros_like(w), np.zeros_like(w)
    alive, escape = np.full(w.shape[:2], True), np.full(w.shape[:2], -1)
    trail = np.empty((BLOCK, *w.shape))
    for first in range(0, STEPS + 1, BLOCK):
        x, batches = draw(state)
        count = min(BLOCK, STEPS + 1 - first)
        for i in range(count):
            trail[i] = w
            t = first + i
            g = gradient(w, batches[i]) + x[i] @ Q.T
            UPDATE
        alive = look(first, trail[:count], alive, escape, grid, kept)
    return grid, np.moveaxis(np.array(kept), 0, 2), escape
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
        BOOST
        optimizer.step()


@np.errstate(all="ignore")
def run():
    """Every contender on every path, on the same noise: grid, kept w, escape times."""
    state, grid, kept = seeded(SEED, PATHS), kept_steps(), []
    shape = (len(NAMES), PATHS)
    alive, escape = np.full(shape, True), np.full(shape, -1)
    trail = np.empty((BLOCK, *shape, len(START)))
    for first in range(0, STEPS + 1, BLOCK):
        x, batches = draw(state)
        x = torch.tensor(x @ Q.T)
        batches = torch.tensor(batches)
        count = min(BLOCK, STEPS + 1 - first)
        for i in range(count):
            step(first + i, trail[i], x[i], batches[i])
        alive = look(first, trail[:count], alive, escape, grid, kept)
    return grid, np.moveaxis(np.array(kept), 0, 2), escape
'''
)

ADAM = """\
            average = BETA * m + (1 - BETA) * g  # Adam, as in torch.optim
            v = 0.999 * v + (1 - 0.999) * g * g
            largest = np.where(AMSGRAD, np.maximum(largest, v), v)
            size = np.sqrt(largest) / np.sqrt(1 - 0.999 ** (t + 1)) + 1e-8
            adam = ETA / (1 - BETA ** (t + 1)) * average / size
"""


def numpy_update(experiment: Experiment) -> str:
    """The lines that take w and m from step t to t+1, for the rules that race."""
    rules = [UPDATE_RULES[contender.rule] for contender in experiment.contenders]
    adaptive = [rule.adaptive for rule in rules]
    if all(adaptive):
        return ADAM + "            m, w = average, w - adam\n"
    eta = "ETA"
    lines = ADAM if any(adaptive) else ""
    if any(rule.boosted for rule in rules):
        eta = "eta"
        lines += "            eta = np.where(BOOSTED & (t % PERIOD == 0), BOOST, ETA)  # Alg. 2\n"
    lines += "            heavy = BETA * m + g  # Alg. 1, line 5: m = βm + g\n"
    move = "heavy"
    if any(rule.name == "nesterov" for rule in rules):
        lines += "            move = np.where(NESTEROV, g + BETA * heavy, heavy)\n"
        move = "move"
    step = f"w - {eta} * {move}"
    if any(adaptive):
        return (
            lines
            + "            m = np.where(ADAM, average, heavy)\n"
            + f"            w = np.where(ADAM, w - adam, {step})\n"
        )
    return lines + f"            m, w = heavy, {step}  # Alg. 1, line 6: w = w − ηm\n"


REPORT = '''
def main():
    """Runs, says who escapes when, and saves where a file is named."""
    steps, w, escape = run()
    for name, times in zip(NAMES, escape):
        out = times[times >= 0]
        if 2 * len(out) > PATHS:
            middle = np.median(np.where(times < 0, STEPS + 1, times))
            print(f"{name}: escapes after {middle:,.0f} steps")
        else:
            print(f"{name}: {len(out)} of {PATHS} paths have escaped after {STEPS:,} steps")
    if len(sys.argv) > 1:
        np.savez_compressed(sys.argv[1], steps=steps, w=w, escape_time=escape)


main()
'''
