/** Positions: data to px along an axis, paths with gaps, packed numbers. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeBinary } from "../../assets/modules/answer_body.mjs";
import { decodeFloats, encodeFloats } from "../../assets/modules/plots.mjs";
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

test("a binary body holds the answer, its arrays in place of their lengths", () => {
  const arrays = [new Float32Array([1, Number.NaN]), new Float32Array([]), new Float32Array([3])];
  const head = JSON.stringify({ query: "β", frame: { graphs: {}, arrays: [2, 0, 1] } });
  const text = new TextEncoder().encode(head);
  const length = 4 * Math.ceil(text.length / 4);
  const body = new Uint8Array(4 + length + 12).fill(32);
  new DataView(body.buffer).setUint32(0, length, true);
  body.set(text, 4);
  body.set(new Uint8Array(new Float32Array([1, Number.NaN, 3]).buffer), 4 + length);
  assert.deepEqual(decodeBinary(body.buffer), {
    query: "β",
    frame: { graphs: {}, arrays },
  });
});

test("numbers that are packed and unpacked are the same", () => {
  const some = new Float32Array([0, -0, 1.5, Number.NaN, 3e38]).subarray(1);
  assert.deepEqual(decodeFloats(encodeFloats(some)), new Float32Array(some));
});
