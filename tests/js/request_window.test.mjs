/** How many requests may be in flight: one where the network is near or the server is busy. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { networkDelay, RequestWindow } from "../../assets/modules/request_window.mjs";

const file = (from, to, transferSize = 900) => ({
  requestStart: from,
  responseStart: to,
  transferSize,
});

/** The sizes of a window while answers come. */
function sizes(delay, answers) {
  const open = new RequestWindow(delay);
  return answers.map((took) => {
    open.record(took);
    return open.size;
  });
}

test("the network's delay is the least wait for a file; a cached one tells nothing", () => {
  assert.equal(networkDelay([file(10, 90), file(100, 162), file(5, 6, 0), file(0, 0)]), 62);
  assert.ok(Number.isNaN(networkDelay([file(5, 6, 0)])));
  assert.ok(Number.isNaN(networkDelay([])));
});

test("on the loopback there is one request, however quick the answers are", () => {
  assert.deepEqual(new Set(sizes(2, Array(50).fill(10))), new Set([1]));
});

test("over a network there is one more a round, up to one for every 30 ms", () => {
  assert.deepEqual(sizes(60, Array(8).fill(90)), [2, 2, 3, 3, 3, 3, 3, 3]);
  assert.equal(sizes(150, Array(40).fill(180)).at(-1), 6);
});

test("a late answer closes the window at once, and it opens again round by round", () => {
  const late = 2 * (60 + 30) + 1;
  assert.deepEqual(sizes(60, [90, 90, 90, late, 90, 90, 90]), [2, 2, 3, 1, 2, 2, 3]);
});

test("as long as the network's delay is not known there is one request", () => {
  const open = new RequestWindow(Number.NaN);
  for (let i = 0; i < 9; i += 1) open.record(80);
  assert.deepEqual([open.isMeasured, open.size], [false, 1]);
  open.learn(60);
  for (let i = 0; i < 9; i += 1) open.record(80);
  assert.deepEqual([open.isMeasured, open.size], [true, 3]);
});
