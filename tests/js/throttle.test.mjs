/** The address while a control is held: at most once an interval, and never older than one. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Throttle } from "../../assets/modules/url.mjs";
import { generator } from "./random.mjs";

const INTERVAL = 500;

/** A throttle on a clock that the test moves; each call is [time, value]. */
function connect() {
  const calls = [];
  const timers = new Map();
  let time = 1000;
  let id = 0;
  const clock = {
    now: () => time,
    after: (wait, act) => {
      id += 1;
      timers.set(id, { due: time + wait, act });
      return id;
    },
    cancel: (which) => timers.delete(which),
  };
  const throttle = new Throttle((value) => calls.push([time, value]), INTERVAL, clock);
  const wait = (span) => {
    const end = time + span;
    for (;;) {
      const next = [...timers].sort(([, a], [, b]) => a.due - b.due)[0];
      if (!next || next[1].due > end) break;
      timers.delete(next[0]);
      time = next[1].due;
      next[1].act();
    }
    time = end;
  };
  return { throttle, calls, wait, timers };
}

test("the first value is written at once, then the newest when the interval has passed", () => {
  const { throttle, calls, wait } = connect();
  throttle.push("a");
  assert.deepEqual(calls, [[1000, "a"]]);
  wait(100);
  throttle.push("b");
  wait(200);
  throttle.push("c");
  assert.equal(calls.length, 1);
  wait(1000);
  assert.deepEqual(calls, [
    [1000, "a"],
    [1500, "c"],
  ]);
  throttle.push("d"); // more than an interval later
  assert.deepEqual(calls.at(-1), [2300, "d"]);
});

test("a release writes what waits at once, and nothing after it", () => {
  const { throttle, calls, wait, timers } = connect();
  throttle.flush();
  assert.deepEqual(calls, []);
  throttle.push("a");
  wait(10);
  throttle.push("b");
  throttle.flush();
  assert.deepEqual(calls.at(-1), [1010, "b"]);
  assert.equal(timers.size, 0);
  wait(1000);
  assert.equal(calls.length, 2);
});

test("a value written directly takes the place of one that waits", () => {
  const { throttle, calls, wait } = connect();
  throttle.push("a");
  throttle.push("b");
  throttle.now("c");
  wait(1000);
  assert.deepEqual(calls, [
    [1000, "a"],
    [1000, "c"],
  ]);
});

test("after Back nothing that waited is written", () => {
  const { throttle, calls, wait } = connect();
  throttle.push("a");
  throttle.push("b");
  throttle.cancel();
  wait(1000);
  assert.deepEqual(calls, [[1000, "a"]]);
});

test("however fast values come, calls are an interval apart and show none that is older", () => {
  for (let seed = 1; seed <= 50; seed += 1) {
    const random = generator(seed);
    const { throttle, calls, wait } = connect();
    const pushed = []; // times; the value is its index
    let now = 1000;
    const lag = () => {
      const shown = calls.length ? calls.at(-1)[1] : -1;
      return shown + 1 < pushed.length ? now - pushed[shown + 1] : 0;
    };
    for (let i = 0; i < 200; i += 1) {
      throttle.push(pushed.push(now) - 1);
      const span = Math.floor(60 * random() ** 2);
      wait(span);
      now += span;
      assert.ok(lag() <= INTERVAL, `seed ${seed}: the address is ${lag()} ms old`);
    }
    const gaps = calls.slice(1).map(([time], i) => time - calls[i][0]);
    assert.ok(Math.min(...gaps) >= INTERVAL, `seed ${seed}`);
    throttle.flush();
    assert.equal(calls.at(-1)[1], pushed.length - 1, `seed ${seed}`);
  }
});
