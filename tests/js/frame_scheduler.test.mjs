/** Of the values pushed before a frame the newest is drawn, once, however the frame comes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { FrameScheduler } from "../../assets/modules/frame_scheduler.mjs";
import { generator } from "./random.mjs";

/** A scheduler, and frames that come when the test says so: callbacks run in order of request. */
function connect() {
  const requested = new Map();
  const drawn = [];
  let id = 0;
  const frames = {
    request: (act) => {
      id += 1;
      requested.set(id, act);
      return id;
    },
    cancel: (which) => requested.delete(which),
  };
  const scheduler = new FrameScheduler((value) => drawn.push(value), frames);
  const frame = () => {
    const acts = [...requested.values()];
    requested.clear();
    for (const act of acts) act();
  };
  return { scheduler, drawn, frames, frame, requested };
}

test("nothing is drawn before the frame, and in it only the newest value", () => {
  const { scheduler, drawn, frame } = connect();
  for (const value of [1, 2, 3]) scheduler.push(value);
  assert.deepEqual([drawn, scheduler.isPending], [[], true]);
  frame();
  assert.deepEqual([drawn, scheduler.isPending], [[3], false]);
  frame();
  assert.deepEqual(drawn, [3]);
});

test("any value is drawn, also one that is false", () => {
  const { scheduler, drawn, frame } = connect();
  for (const value of [0, null, undefined]) {
    scheduler.push(value);
    frame();
  }
  assert.deepEqual(drawn, [0, null, undefined]);
});

test("a value pushed while another is drawn comes in the next frame", () => {
  const { frames, frame } = connect();
  const drawn = [];
  const scheduler = new FrameScheduler((value) => {
    drawn.push(value);
    if (value < 3) scheduler.push(value + 1);
  }, frames);
  scheduler.push(1);
  for (const seen of [[1], [1, 2], [1, 2, 3], [1, 2, 3]]) {
    frame();
    assert.deepEqual(drawn, seen);
  }
});

test("flush draws at once what waits, and the frame draws nothing then", () => {
  const { scheduler, drawn, frame } = connect();
  scheduler.flush();
  assert.deepEqual(drawn, []);
  scheduler.push(1);
  scheduler.push(2);
  scheduler.flush();
  assert.deepEqual([drawn, scheduler.isPending], [[2], false]);
  frame();
  assert.deepEqual(drawn, [2]);
});

test("cancel drops what waits, and the next value is drawn", () => {
  const { scheduler, drawn, frame } = connect();
  scheduler.push(1);
  scheduler.cancel();
  frame();
  assert.deepEqual([drawn, scheduler.isPending], [[], false]);
  scheduler.push(2);
  frame();
  assert.deepEqual(drawn, [2]);
});

test("a postponed value is drawn after what others requested, in the same frame", () => {
  const { scheduler, drawn, frames, frame, requested } = connect();
  scheduler.postpone();
  assert.equal(requested.size, 0); // nothing waits
  scheduler.push("ours");
  frames.request(() => drawn.push("theirs"));
  scheduler.postpone();
  frame();
  assert.deepEqual(drawn, ["theirs", "ours"]);
});

test("values are drawn in order, none twice, and the last one always", () => {
  for (let seed = 1; seed <= 50; seed += 1) {
    const random = generator(seed);
    const { scheduler, drawn, frame, requested } = connect();
    let value = 0;
    for (let i = 0; i < 60; i += 1) {
      const before = drawn.length;
      const turn = random();
      if (turn < 0.5) {
        value += 1;
        scheduler.push(value);
        assert.equal(drawn.length, before);
      } else if (turn < 0.8) {
        frame();
      } else if (turn < 0.9) {
        scheduler.postpone();
      } else {
        scheduler.flush();
      }
      assert.ok(drawn.length - before <= 1, `seed ${seed}`);
      assert.ok(requested.size <= 1, `seed ${seed}: two frames requested`);
    }
    frame();
    assert.equal(drawn.at(-1), value || undefined, `seed ${seed}`);
    assert.deepEqual(
      drawn,
      [...new Set(drawn)].sort((a, b) => a - b),
      `seed ${seed}`,
    );
  }
});
