/** Positions: data to px along an axis, paths with gaps, packed numbers. */
import assert from "node:assert/strict";
import { test } from "node:test";
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

test("packed numbers come back", () => {
  const numbers = new Float32Array([0, 1.5, -2.25e10, Number.NaN]);
  const bdata = Buffer.from(numbers.buffer).toString("base64");
  assert.deepEqual(decodeFloats({ bdata }), numbers);
});
