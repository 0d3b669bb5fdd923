import assert from "node:assert/strict";
import { test } from "node:test";
import { toggled } from "../../assets/modules/highlight.mjs";
import { symbolPath } from "../../assets/modules/marks.mjs";

const SYMBOLS = "circle cross triangle-up diamond triangle-down square pentagon star hourglass";

test("an optimizer is hidden, then shown again", () => {
  const once = toggled(new Set(), 1, 3);
  assert.deepEqual([...once], [1]);
  assert.deepEqual([...toggled(once, 1, 3)], []);
});

test("the last one shown cannot be hidden: all come back", () => {
  assert.deepEqual([...toggled(new Set([0, 2]), 1, 3)], []);
  assert.deepEqual([...toggled(new Set(), 0, 1)], []);
});

test("the set given is not changed", () => {
  const before = new Set([2]);
  toggled(before, 2, 3);
  assert.deepEqual([...before], [2]);
});

test("symbols differ, surround the origin, and grow with their radius", () => {
  const paths = SYMBOLS.split(" ").map((symbol) => symbolPath(symbol, 4));
  assert.equal(new Set(paths).size, paths.length);
  for (const symbol of SYMBOLS.split(" ").slice(1)) {
    const at = (r) =>
      symbolPath(symbol, r)
        .match(/-?[\d.]+/g)
        .map(Number);
    const small = at(100);
    for (const half of [0, 1]) {
      const side = small.filter((_, i) => i % 2 === half);
      assert.ok(Math.min(...side) < -75 && Math.max(...side) > 75, symbol);
      assert.ok(Math.min(...side) > -150 && Math.max(...side) < 150, symbol);
    }
    assert.ok(
      at(200).every((v, i) => Math.abs(v - 2 * small[i]) < 0.05),
      symbol,
    );
  }
});
