/** Positions: data to px along an axis, paths with gaps, sliders' steps, packed numbers. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { snapToStep } from "../../assets/modules/plot_pickers.mjs";
import { decodeFloats } from "../../assets/modules/plots.mjs";
import { pathData, toPixels } from "../../assets/modules/svg_fast_path.mjs";

test("px run from the left and from below; a log axis runs in decades", () => {
  const x = { type: "linear", range: [-1, 3], _length: 200, _id: "x" };
  assert.deepEqual([...toPixels(x, [-1, 0, 3])], [0, 50, 200]);
  assert.deepEqual([...toPixels({ ...x, _id: "y" }, [-1, 0, 3])], [200, 150, 0]);
  const log = { type: "log", range: [0, 4], _length: 400, _id: "x" };
  assert.deepEqual([...toPixels(log, [1, 100, 10000])], [0, 200, 400]);
  assert.ok(Number.isNaN(toPixels(x, [Number.NaN])[0]));
});

test("a path has a gap where a point is not finite, and stays within what SVG can draw", () => {
  assert.equal(pathData([0, 1, Number.NaN, 2, 3], [0, 1, 5, 2, 3]), "M0,0L1,1M2,2L3,3");
  assert.equal(pathData([Number.NaN], [1]), "");
  assert.equal(pathData([0, 1e9], [0, -1e9]), "M0,0L100000,-100000");
});

test("a value snaps to the slider's nearest step and to its ends", () => {
  const slider = { low: 0, high: 4, step: 0.01 };
  for (const [value, snapped] of [
    [1.234, 1.23],
    [0.005, 0.01],
    [-1, 0],
    [7, 4],
    [0.29, 0.29],
  ])
    assert.equal(snapToStep(value, slider), snapped);
  for (let k = 0; k <= 400; k += 1) assert.equal(snapToStep(k / 100, slider), k / 100);
});

test("packed numbers come back", () => {
  const numbers = new Float32Array([0, 1.5, -2.25e10, Number.NaN]);
  const bdata = Buffer.from(numbers.buffer).toString("base64");
  assert.deepEqual(decodeFloats({ bdata }), numbers);
});
