"""Is the balance value a good β? Total time to escape and settle against β, for docs/theory.md.

python benchmarks/guidance.py [--paths 64]
"""

from __future__ import annotations

import argparse

import numpy as np

from simulation.landscapes.registry import landscape_of
from simulation.model.contenders import Contender
from simulation.model.experiment import Experiment
from simulation.runs.simulate import simulate
from simulation.theory.guidance import guidance
from simulation.theory.one_step import growth_rate

SETTINGS = (  # name, η, λ
    ("the paper's toy", 5e-5, (1.0, -0.1)),
    ("a larger step", 2e-3, (1.0, -0.1)),
    ("a steeper way out", 2e-2, (2.0, -0.5)),
)
# β by s = (1−β)/√h; the balance is 1.155, the linear end 2.85, 90 % of the ceiling 0.211
SCALE = (0.15, 0.211, 0.3, 0.45, 0.65, 0.8, 1.0, 1.35, 1.6, 2.0, 2.85, 4.0, 6.0, 10.0)
NOISE = 0.01  # σ of both directions
NEAR = 0.1  # settled: this close to a minimum, as a share of its distance, until the end


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--paths", type=int, default=64)
    paths = arguments.parse_args().paths
    print("| setting | h | balance β | best β | T at balance | least T | balance over best | "
          "T of SGD over balance | "
          "ratio of rates |\n|---|---|---|---|---|---|---|---|---|")  # fmt: skip
    rows = []
    for name, eta, eigenvalues in SETTINGS:
        h = -eta * eigenvalues[-1]
        found = guidance(h)
        balance = float(found.balance)
        betas = sorted({round(b, 6) for b in 1 - np.array(SCALE) * np.sqrt(h) if b > 0} | {balance})
        total = {b: t for part in split(betas) for b, t in times(eta, eigenvalues, part, paths)}
        best = min(total, key=lambda b: total[b])
        ((_, plain),) = times(eta, eigenvalues, [0.0], paths)
        faster = float(growth_rate("momentum", balance, h, -1.0) / np.log1p(h))
        print(f"| {name}: η = {eta:g}, λ = {eigenvalues} | {h:g} | {balance:.4f} | {best:.4f} | "
              f"{total[balance]:,.0f} | {total[best]:,.0f} | {total[balance] / total[best]:.2f} | "
              f"{plain / total[balance]:.3g}× | {faster:.3g}× |")  # fmt: skip
        rows.append((name, h, total, balance, best))
    for name, h, total, balance, best in rows:
        print(
            f"\n{name}\n\n| (1−β)/√h | β | median total time | over the least |\n|---|---|---|---|"
        )
        for beta in sorted(total):
            mark = " **balance**" if beta == balance else " (best)" if beta == best else ""
            print(f"| {(1 - beta) / np.sqrt(h):.2f} | {beta:.5f}{mark} | {total[beta]:,.0f} | "
                  f"{total[beta] / total[best]:.2f} |")  # fmt: skip


def split(betas: list[float]) -> list[list[float]]:
    """Groups of at most eight: what one run holds."""
    return [betas[i : i + 8] for i in range(0, len(betas), 8)]


def times(
    eta: float, eigenvalues: tuple[float, ...], betas: list[float], paths: int
) -> list[tuple[float, float]]:
    """(β, median over paths of the first recorded step from which the path stays near a minimum).

    Recorded at 4,000 evenly spaced steps: the times are right to a 4,000th of the run.
    """
    h = -eta * eigenvalues[-1]
    slowest = min(float(growth_rate("momentum", b, h, -1.0)) for b in betas)
    ringing = max(-2 / np.log(b) if b else 0.0 for b in betas)
    experiment = Experiment(
        eigenvalues=eigenvalues,
        step_size=eta,
        noise="gaussian",
        noise_sd=(NOISE,),
        contenders=tuple(Contender("momentum", b) for b in betas),
        steps=int(min(16 / slowest + 20 * ringing, 3_000_000)),
        paths=paths,
    )
    run = simulate(experiment, points=8000, record_paths=paths)
    assert run.w.shape[1] == paths, "every path is needed: lower the points"
    minima = landscape_of(experiment).minima(experiment)
    apart = np.linalg.norm(run.w[..., None, :] - minima, axis=-1).min(axis=-1)
    away = apart > NEAR * np.linalg.norm(minima, axis=1).min()
    last = away.shape[2] - 1 - away[:, :, ::-1].argmax(axis=2)  # the last step that is not near
    after = np.append(run.steps, run.steps[-1])[np.minimum(last + 1, len(run.steps))]
    after = np.where(away[:, :, -1], np.inf, after)
    return [(b, float(np.median(t))) for b, t in zip(betas, after, strict=True)]


if __name__ == "__main__":
    main()
