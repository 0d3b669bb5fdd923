"""The escape law is printed where it agrees with 4,096 simulated paths, and nowhere else."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pytest
from scipy import stats

from simulation.diagnostics.escape import escape_statistics
from simulation.landscapes.base import NO_SADDLE
from simulation.model.experiment import Experiment
from simulation.model.query import parse_query
from simulation.results.beta_choice import choose_beta
from simulation.results.beta_measurement import measure, measured_experiment
from simulation.results.escape_distribution import distribution
from simulation.results.prediction import predict
from simulation.results.summary import summarise
from simulation.runs.escape_times import escape_times
from simulation.runs.simulate import simulate
from simulation.sweeps.grid import parse_sweep
from simulation.sweeps.theory_map import theory_map
from simulation.theory.escape_line import OUTSIDE_REASON, RETURN_REASON, UNSTABLE_REASON, EscapeLine
from simulation.theory.moments import moments
from simulation.theory.one_step import transition
from simulation.theory.returns import EARLIER, returned_share

# Drawn at random, and not among the settings to which the criterion is fitted: both linear rules,
# β 0…0.999, η|λ| 1e-4…0.3, R/s_Z 0.5…2,000, tilts, starts, Gaussian and sampled noise.
SETTINGS = (
    "eig=0.2,-0.32&run=0.999&eta=0.0013&noise=gaussian&sd=0.44&w0=0,-0.24&T=212&N=4096&R=0.39&seed=196",
    "eig=1.9,-0.94&run=0.3&eta=0.0053&noise=gaussian&sd=0.096&T=2556&N=4096&seed=789",
    "landscape=quadratic&eig=0.41,-0.29&run=0&eta=0.0078&noise=samples&sd=9.2e-5&w0=0,-0.013&T=368&N=4096&R=0.016&seed=51",
    "landscape=quadratic&eig=0.75,-0.78&run=0&eta=0.0089&sd=0.00041&c=0,-0.00068&T=1564&N=4096&R=0.013&seed=580",
    "landscape=quadratic&eig=0.6,-1.1&run=0.9&eta=0.089&sd=1.5&T=32&N=4096&R=1.5&seed=666",
    "eig=3.1,-0.09&run=nesterov:0.95&eta=0.014&sd=0.15&batch=2&w0=0,0.056&T=288&N=4096&R=0.28&seed=46",
    "eig=0.28,-0.93&run=0.97&eta=0.09&noise=gaussian&sd=0.072&w0=0,-0.15&T=10&N=4096&R=0.17&seed=122",
    "landscape=quadratic&eig=0.17,-0.063&run=0.99&eta=4.7&sd=0.015&c=0,0.00078&w0=0,-0.0083&T=10&N=4096&R=0.053&seed=316",
    "landscape=quadratic&eig=0.38,-1.2&run=0.9&eta=0.13&sd=0.044&w0=0,-0.59&T=16&N=4096&R=1.6&seed=608",
    "landscape=quadratic&eig=0.18,-0.053&run=0.999&eta=1.7&sd=7.4e-5&w0=0,0.021&T=12&N=4096&R=0.031&seed=549",
    "eig=0.12,-1.6&run=0&eta=0.0063&noise=gaussian&sd=0.32&c=0,-0.048&T=692&N=4096&R=0.17&seed=885",
    "eig=0.96,-0.12&run=0&eta=0.038&noise=gaussian&sd=0.00029&w0=0,-0.085&T=796&N=4096&R=0.21&seed=3",
    "landscape=quadratic&eig=0.38,-1.3&run=0.999&eta=0.00033&sd=0.0053&T=1348&N=4096&R=0.13&seed=307",
    "landscape=quadratic&eig=0.16,-0.18&run=nesterov:0.7&eta=0.045&noise=samples&sd=0.054&batch=8&T=304&N=4096&R=0.21&seed=365",
    "landscape=quadratic&eig=0.47,-1.2&run=0.999&eta=0.033&noise=samples&sd=0.73&c=0,-0.012&w0=0,-0.2&T=20&N=4096&R=0.07&seed=190",
    "eig=0.35,-0.11&run=nesterov:0.5&eta=0.3&noise=gaussian&sd=0.00022&w0=0,0.029&T=44&N=4096&R=0.054&seed=464",
    "eig=2.4,-0.19&run=nesterov:0&eta=0.00071&sd=0.1&c=0,-0.0098&batch=2&T=940&N=4096&R=0.32&seed=840",
    "landscape=quadratic&eig=0.5,-0.062&run=nesterov:0.99&eta=0.04&sd=0.00049&T=304&N=4096&R=0.015&seed=537",
    "landscape=quadratic&eig=0.41,-0.56&run=0.997&eta=0.00025&sd=0.083&w0=0,-0.0057&T=424&N=4096&R=0.012&seed=547",
    "landscape=quadratic&eig=0.45,-0.056&run=0.999&eta=2&sd=3.5e-6&c=0,0.00032&w0=0,0.017&T=16&N=4096&R=0.023&seed=460",
    "eig=0.53,-0.14&run=0&eta=0.099&sd=0.0035&batch=2&T=1272&N=4096&R=0.35&seed=422",
    "eig=1.4,-0.076&run=0.3&eta=0.074&noise=gaussian&sd=0.0016&w0=0,-0.2&T=156&N=4096&seed=84",
    "landscape=quadratic&eig=2.7,-0.58&run=0&eta=0.0019&sd=1.7&c=0,0.47&T=4756&N=4096&R=3&seed=692",
    "landscape=quadratic&eig=0.44,-0.69&run=nesterov:0.999&eta=0.0018&sd=0.018&c=0,0.0028&w0=0,-0.0026&T=284&N=4096&R=0.043&seed=395",
    "landscape=quadratic&eig=0.12,-1.5&run=nesterov:0.9&eta=0.019&sd=0.012&T=204&N=4096&R=1.1&seed=909",
    "eig=0.32,-0.68&run=nesterov:0&eta=0.0039&noise=gaussian&sd=0.079&c=0,-0.0049&T=2768&N=4096&R=0.045&seed=212",
    "eig=1.8,-0.16&run=0.97&eta=0.012&noise=gaussian&sd=0.00015&c=0,-0.054&w0=0,-0.25&T=116&N=4096&R=0.15&seed=689",
    "landscape=quadratic&eig=2.6,-1.3&run=nesterov:0.99&eta=0.0018&sd=0.025&T=460&N=4096&R=0.19&seed=137",
    "landscape=quadratic&eig=0.95,-0.23&run=nesterov:0.997&eta=0.66&sd=0.037&c=0,0.11&T=16&N=4096&R=1.4&seed=942",
    "landscape=quadratic&eig=0.46,-0.31&run=0.999&eta=0.0044&sd=0.00049&w0=0,0.013&T=176&N=4096&R=0.034&seed=678",
    "eig=0.22,-0.41&run=0.999&eta=0.015&noise=gaussian&sd=0.0082&c=0,-0.13&T=16&N=4096&seed=235",
    "eig=3.2,-0.48&run=nesterov:0.99&eta=0.0003&sd=0.46&batch=2&w0=0,-0.2&T=632&N=4096&seed=530",
    "landscape=quadratic&eig=1.5,-0.87&run=nesterov:0.99&eta=0.064&sd=0.0039&T=80&N=4096&R=0.091&seed=960",
    "landscape=quadratic&eig=0.11,-0.06&run=0.7&eta=0.044&noise=samples&sd=0.027&c=0,-0.0038&batch=8&T=708&N=4096&R=0.47&seed=150",
    "landscape=quadratic&eig=0.83,-1.1&run=0&eta=0.00099&sd=0.25&w0=0,-0.23&T=5752&N=4096&R=1.1&seed=274",
    "eig=0.11,-0.58&run=nesterov:0.95&eta=0.0043&noise=gaussian&sd=1.2&T=144&N=4096&seed=976",
    "eig=1.5,-0.64&run=0.99&eta=0.0012&noise=gaussian&sd=3.2&T=156&N=4096&seed=132",
    "landscape=quadratic&eig=0.11,-0.41&run=0.99&eta=0.0044&sd=0.00018&T=672&N=4096&R=0.013&seed=882",
    "landscape=quadratic&eig=0.33,-0.78&run=0.99&eta=0.0023&noise=samples&sd=0.00031&c=0,0.011&T=192&N=4096&R=0.05&seed=404",
    "landscape=quadratic&eig=0.36,-0.085&run=0.9&eta=0.0025&sd=0.0058&w0=0,-0.38&T=640&N=4096&R=0.52&seed=588",
    "eig=2.4,-0.43&run=0.99&eta=0.0073&noise=gaussian&sd=2.5&T=48&N=4096&R=0.28&seed=379",
    "eig=0.57,-1.1&run=0.9&eta=0.031&noise=gaussian&sd=0.03&w0=0,0.17&T=36&N=4096&seed=3",
    "landscape=quadratic&eig=2.1,-0.45&run=0.5&eta=0.017&sd=0.0054&c=0,-0.12&w0=0,-0.03&T=532&N=4096&R=1.7&seed=905",
    "landscape=quadratic&eig=1.7,-0.5&run=nesterov:0.7&eta=0.051&sd=0.15&c=0,-0.005&w0=0,-0.013&T=140&N=4096&R=0.45&seed=558",
    "landscape=quadratic&eig=0.89,-0.38&run=0.9&eta=0.0087&sd=0.03&w0=0,-0.41&T=48&N=4096&R=0.48&seed=112",
    "eig=0.42,-0.14&run=0.95&eta=0.75&sd=0.003&T=48&N=4096&seed=759",
    "eig=1.7,-0.69&run=nesterov:0.97&eta=0.1&noise=gaussian&sd=1.3&w0=0,0.21&T=10&N=4096&seed=970",
    "landscape=quadratic&eig=0.14,-0.26&run=nesterov:0.999&eta=0.14&sd=0.091&w0=0,-0.0055&T=12&N=4096&R=0.035&seed=625",
    "landscape=quadratic&eig=0.49,-0.49&run=0.9&eta=0.22&sd=0.79&T=20&N=4096&R=0.94&seed=961",
    "landscape=quadratic&eig=1,-0.077&run=0.999&eta=0.14&sd=0.033&c=0,-0.039&w0=0,1.2&T=28&N=4096&R=2.2&seed=862",
    "eig=1.1,-0.12&run=0&eta=0.018&sd=0.49&c=0,0.022&T=1864&N=4096&seed=386",
    "eig=0.3,-0.48&run=0.99&eta=0.041&noise=gaussian&sd=0.0018&c=0,0.0083&w0=0,0.018&T=144&N=4096&R=0.06&seed=960",
    "landscape=quadratic&eig=1.4,-0.23&run=nesterov:0.99&eta=0.0027&noise=samples&sd=0.0035&batch=2&T=612&N=4096&R=0.068&seed=36",
    "landscape=quadratic&eig=2.9,-0.12&run=nesterov:0.7&eta=0.00088&sd=0.00012&w0=0,0.011&T=5608&N=4096&R=0.018&seed=320",
    "landscape=quadratic&eig=1.6,-0.083&run=0.5&eta=0.003&sd=0.0043&c=0,0.004&w0=0,-1.1&T=1004&N=4096&R=1.3&seed=187",
    "eig=0.27,-0.084&run=0.999&eta=0.14&noise=gaussian&sd=0.014&T=112&N=4096&seed=661",
    "eig=1.2,-0.1&run=0.97&eta=2.6&sd=0.014&batch=2&T=24&N=4096&seed=299",
    "landscape=quadratic&eig=0.79,-0.51&run=nesterov:0.9&eta=0.6&sd=0.00034&c=0,0.00098&w0=0,0.0086&T=10&N=4096&R=0.01&seed=209",
    "landscape=quadratic&eig=1.6,-1.3&run=0.997&eta=0.19&noise=samples&sd=0.0007&c=0,-0.081&batch=2&T=16&N=4096&R=0.21&seed=109",
    "landscape=quadratic&eig=0.61,-0.45&run=0.9&eta=0.037&sd=0.22&T=104&N=4096&R=0.5&seed=25",
)
FEW = SETTINGS[::8]


@dataclass
class Compared:
    """Whether the distance's law is within the bound of the measured median, and is printed."""

    holds: bool
    printed: bool


def compared(query: str, paths: int) -> Compared:
    """Measure the median over `paths` paths; the standard error is of 4,096, in shares of paths.

    Of the times of crossing: a path may diverge later, and is then not compared on the page.
    Steps are integers: the law passes from F(t − 1) to F(t) at t, and the nearest value counts.
    """
    experiment = parse_query(query).replace(paths=paths)
    contender, line = experiment.contenders[0], EscapeLine.of(experiment)
    at = contender.rule, contender.momentum, experiment.step_size
    times, _ = escape_times([experiment], watched=0)
    seen, law = escape_statistics(times[0], np.full(paths, -1)).median, float(line.quantile(*at))
    printed = predict(experiment).escape[0, 1]
    assert math.isnan(printed) or printed == law
    if not math.isfinite(seen):
        return Compared(False, math.isfinite(printed))
    low, high = line.cdf(*at, steps=[max(math.floor(seen) - 1, 0), math.ceil(seen)])
    off = max(low - 0.5, 0.0) + max(0.5 - high, 0.0)
    chance = 4 * 0.5 / math.sqrt(paths) if paths < 4096 else 0.0
    within = off <= max(4 * 0.5 / math.sqrt(4096), chance) or abs(law / seen - 1) <= 0.02
    return Compared(within, math.isfinite(printed))


@pytest.mark.slow
def test_the_law_is_printed_where_it_holds_and_only_there() -> None:
    found = [compared(query, 4096) for query in SETTINGS]
    wrong = [q for q, c in zip(SETTINGS, found, strict=True) if c.printed and not c.holds]
    holds = sum(c.holds for c in found)
    shown = sum(c.holds and c.printed for c in found)
    print(f"holds on {holds} of {len(found)}, printed on {shown} of these")
    assert len(SETTINGS) == 60
    assert not wrong
    assert shown >= 0.9 * holds
    assert len(found) - holds >= 3  # there the law of the distance alone would be printed


@pytest.mark.long
def test_the_law_is_printed_only_where_few_paths_agree_with_it() -> None:
    found = [compared(query, 1024) for query in FEW]
    assert all(c.holds for c in found if c.printed)
    assert sum(c.printed for c in found) >= 0.7 * sum(c.holds for c in found)


@pytest.mark.parametrize("rule", ["momentum", "nesterov"])
@pytest.mark.parametrize("beta", [0.0, 0.9, 0.99])
def test_the_returned_share_is_that_of_a_normal_pair(rule: str, beta: float) -> None:
    experiment = Experiment(landscape="quadratic", radius=0.03, start=(0.0, 0.01), tilt=(0.0, 1e-3))
    line, eta = EscapeLine.of(experiment), 0.01
    t = int(line.quantile(rule, beta, eta))
    a, _ = transition(rule, beta, eta, line.eigenvalue)
    least = 0.0
    for s in np.rint(EARLIER * t).astype(int):
        if not 1 <= s < t:
            continue
        at = moments(rule, beta, eta, line.eigenvalue, steps=[s, t], noise_sd=line.noise_sd,
                     tilt=line.tilt, start=line.start)  # fmt: skip
        power = np.linalg.matrix_power(a, t - s)
        shared = power[0, 0] * at.w_var[0] + power[0, 1] * at.before_cov[0]
        mean = (at.w_mean - line.reference) / line.radius
        cov = np.array([[at.w_var[0], shared], [shared, at.w_var[1]]]) / line.radius**2
        inside = stats.norm(mean[1], cov[1, 1] ** 0.5)
        within = inside.cdf(1) - inside.cdf(-1)
        stayed = stats.multivariate_normal(mean, cov).cdf([1, 1], lower_limit=[-1, -1])
        least = max(least, within - stayed)
    found = returned_share(
        rule, beta, eta, line.eigenvalue, radius=line.radius, at=t, reference=line.reference,
        noise_sd=line.noise_sd, tilt=line.tilt, start=line.start,
    )  # fmt: skip
    assert float(found) == pytest.approx(least, rel=2e-3, abs=1e-6)


@pytest.mark.parametrize(
    ("hold", "radius", "rest"), [("step", 0.1, ",adam"), ("effective", 0.01, ""),
                                 ("stability", 0.1, "")]
)  # fmt: skip
def test_every_screen_is_silent_about_the_same_optimizers(
    hold: str, radius: float, rest: str
) -> None:
    run = f"run=0,0.9,nesterov:0.99{rest}&hold={hold}"
    query = f"landscape=quadratic&R={radius}&N=64&T=3000&{run}"
    experiment = parse_query(query)
    summary, theory = summarise(simulate(experiment)), predict(experiment)
    spread = distribution(experiment)
    choice = choose_beta(experiment, 10.0, measure(measured_experiment(experiment)))
    silent = np.isnan(summary.predicted)
    assert silent[:3].any()
    assert (np.isnan(theory.escape[:, 1]) == silent).all()
    assert (np.isnan(spread.exact_median) == silent).all()
    assert (np.array([bool(reason) for reason in spread.reasons]) == silent).all()
    assert summary.law_reason == theory.reason
    assert summary.law_reason.startswith(RETURN_REASON)
    heavy = [i for i, c in enumerate(experiment.contenders) if c.rule == "momentum"]
    assert [math.isnan(choice.racing[i].escape) for i in heavy] == silent[heavy].tolist()
    assert np.isnan(summary.predicted_speed_up[silent]).all()


def test_a_sweep_has_a_law_where_the_headline_has_one() -> None:
    sweep = parse_sweep("landscape=quadratic&run=0.9&N=8&x=beta:0:0.99:6:near-one&y=R:0.02:1:5:log")
    law = theory_map(sweep)
    printed = np.empty(law.median.shape)
    for row, column in np.ndindex(printed.shape):
        printed[row, column] = predict(sweep.cell(row, column)).escape[0, 1]
    np.testing.assert_array_equal(law.median, printed)
    assert np.isnan(printed).any()
    assert np.isfinite(printed).any()
    bound = law.bound[np.isnan(printed)]
    assert np.isfinite(bound).all()


@pytest.mark.parametrize("force", [0.037, 0.0375, 0.039, 0.06])
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_toy_without_a_saddle_has_no_law_and_no_advice_on_the_radius(force, sign) -> None:
    """The slope −0.1 z + 10 z⁹ is largest at z⁸ = 1/900, where it is 0.038 in size."""
    experiment = Experiment(noise="gaussian", tilt=(0.0, sign * force), steps=2000)
    line = EscapeLine.of(experiment)
    largest = 0.1 * (1 / 900) ** 0.125 * 8 / 9
    gone = force > largest
    assert (line.reason == NO_SADDLE) == gone
    found = predict(experiment).escape
    assert np.isnan(found).all() if gone else not found.any()  # all start beyond the radius
    choice = choose_beta(experiment, 10.0, measure(measured_experiment(experiment)))
    if gone:
        assert choice.reason == choice.no_guidance == NO_SADDLE
        assert line.distribution_reason == line.escape_reason == NO_SADDLE
    else:
        assert OUTSIDE_REASON in (choice.reason, choice.no_guidance)
    assert choice.no_price == ""  # the paths settle in a minimum all the same


@pytest.mark.parametrize("hold", ["step", "effective", "stability"])
@pytest.mark.parametrize("radius", [0.003, 0.02, 0.1, 0.3, 1.0])
def test_choose_beta_advises_nothing_from_a_law_that_is_not_there(hold: str, radius: float) -> None:
    experiment = parse_query(f"landscape=quadratic&R={radius}&T=2000&N=64&hold={hold}")
    choice = choose_beta(experiment, 10.0, measure(measured_experiment(experiment)))
    times = choice.escape[:, 1]
    assert bool(choice.reason) == (not np.isfinite(times).any())
    if hold != "step" and not math.isfinite(times[0]):
        assert choice.advised == -1
        assert choice.no_guidance
    elif choice.by_law:
        for mark in choice.marks:
            assert math.isnan(mark.speed_up) == math.isnan(mark.escape)
    else:
        assert any(math.isnan(mark.escape) for mark in choice.marks)


@pytest.mark.parametrize(
    "query",
    ["landscape=quadratic&eig=50,-0.01&eta=0.1", "noise=gaussian&eta=2.5", "eig=10,-0.05&eta=0.3"],
)
def test_an_unstable_step_has_no_law_of_the_escape(query: str) -> None:
    """At λ₊ = 10 the limits of SGD and β = 0.9 are η = 0.2 and 0.38: the law is for the latter."""
    experiment = parse_query(f"{query}&run=0,0.9&N=64&T=1000&sd=0.01")
    summary = summarise(simulate(experiment))
    stable = experiment.step_size < summary.largest_stable_step
    assert not stable.all()
    assert (np.isfinite(summary.predicted) == stable).all()
    assert (np.isfinite(predict(experiment).escape[:, 1]) == stable).all()
    assert summary.law_reason == predict(experiment).reason
    assert summary.law_reason.startswith(UNSTABLE_REASON)
    assert all(e.diverged > e.total / 2 for e, ok in zip(summary.escape, stable, strict=True)
               if not ok)  # fmt: skip
