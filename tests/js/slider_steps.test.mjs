/** Round values of sliders: what a drag snaps to, and where keys go. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { isStep, snap, stepped, stepsOf } from "../../assets/modules/slider_steps.mjs";

const make = (low, high, step, scale, whole = false) => ({ low, high, step, scale, whole });
const BETA = make(0, 4, 0.01, "complement");
const ETA = make(-7, 1, 0.01, "log");
const PATHS = make(0, Math.log10(4096), 0.01, "log", true);
const ANGLE = make(0, 90, 1, "linear");
const TILT = make(-0.1, 0.1, 0.001, "linear");
const SLIDERS = [BETA, ETA, PATHS, ANGLE, TILT, make(-3, 1, 0.01, "minus log")];

const VALUES = { complement: (p) => 1 - 10 ** -p, linear: (p) => p, log: (p) => 10 ** p };
const valueAt = ({ scale, whole }, p) => {
  const value = Number((VALUES[scale] ?? VALUES.log)(p).toPrecision(9));
  return whole ? Math.round(value) : value;
};
const grid = ({ low, high }, count) =>
  Array.from({ length: count + 1 }, (_, k) => low + ((high - low) * k) / count);

test("a drag over a track of 87 px reaches the round values of β", () => {
  const pixel = 4 / 87;
  const reached = new Set(grid(BETA, 87).map((p) => valueAt(BETA, snap(BETA, p, pixel / 2))));
  for (const value of [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999, 0.9999])
    assert.ok(reached.has(value), `${value}`);
});

test("a snapped position is within the tolerance, and has the fewest digits there", () => {
  for (const slider of [BETA, ETA])
    for (const position of grid(slider, 333)) {
      const snapped = snap(slider, position, 0.02);
      assert.ok(Math.abs(snapped - position) <= 0.02 + 1e-9);
      const rounder = snap(slider, snapped, 1e-6);
      assert.ok(Math.abs(rounder - snapped) < 1e-9, "a round value stays");
    }
  assert.equal(snap(ANGLE, 44.4, 1), 45);
  assert.equal(snap(ANGLE, 44.2, 0.1), 44);
  assert.equal(snap(TILT, 0.0004, 0.001), 0);
});

test("the ends are reached and not passed", () => {
  for (const slider of SLIDERS)
    for (const [end, count] of [
      [slider.low, -5000],
      [slider.high, 5000],
    ]) {
      assert.equal(snap(slider, end + Math.sign(count), 0.01), end);
      assert.equal(stepped(slider, end, Math.sign(count)), end);
      assert.equal(stepped(slider, (slider.low + slider.high) / 2, count), end);
    }
});

test("a key and its opposite return to the same value", () => {
  for (const slider of SLIDERS)
    for (const position of grid(slider, 97)) {
      const start = stepped(slider, position, 1);
      if (start >= slider.high) continue;
      const back = stepped(slider, stepped(slider, start, 1), -1);
      assert.ok(Math.abs(back - start) < 1e-9, `${slider.scale} ${position}`);
    }
});

test("keys step by two digits, whole numbers by at least 1", () => {
  const walk = (slider, from, steps) =>
    steps.map((count) => {
      from = stepped(slider, from, count);
      return valueAt(slider, from);
    });
  assert.deepEqual(
    walk(BETA, 0, [10, 10, 10, 1, -1, 60, 10]),
    [0.1, 0.2, 0.3, 0.31, 0.3, 0.9, 0.91],
  );
  assert.deepEqual(walk(PATHS, 0, [1, 1, 1, 10, -10]), [2, 3, 4, 14, 4]);
  assert.deepEqual(walk(ETA, -2, [1, -1, -1]), [0.011, 0.01, 0.0099]);
  assert.deepEqual(walk(ANGLE, 0, [1, 10, -1]), [1, 11, 10]);
});

test("a value that is not round is one of the steps, if it is given", () => {
  const given = Math.log10(0.316228);
  assert.ok(!isStep(ETA, given));
  assert.ok(isStep(ETA, Math.log10(0.32)));
  assert.equal(valueAt(ETA, stepped(ETA, given, 1, given)), 0.32);
  assert.equal(stepped(ETA, stepped(ETA, given, 1, given), -1, given), given);
  assert.equal(valueAt(ETA, stepped(ETA, given, -1, given)), 0.31);
});

test("Shift and the Page keys are ten steps", () => {
  const steps = (key, shiftKey = false) => stepsOf({ key, shiftKey });
  assert.deepEqual(
    [steps("ArrowRight"), steps("ArrowUp"), steps("ArrowLeft"), steps("ArrowDown")],
    [1, 1, -1, -1],
  );
  assert.deepEqual(
    [steps("ArrowRight", true), steps("PageUp"), steps("PageDown"), steps("PageUp", true)],
    [10, 10, -10, 10],
  );
  assert.equal(steps("Home"), 0);
});
