/** Names in the margin: apart, inside, in the order of the curves' ends. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { lastPoint, nameRows } from "../../assets/modules/curve_names.mjs";
import { generator } from "./random.mjs";

const SEEDS = Array.from({ length: 100 }, (_, i) => i + 1);

test("names are apart, inside the plot and in the order of the curves' ends", () => {
  for (const seed of SEEDS) {
    const random = generator(seed);
    const bounds = { top: 26, bottom: 26 + 60 + 200 * random() };
    const ends = Array.from({ length: 1 + Math.floor(9 * random()) }, () => {
      return bounds.top + (bounds.bottom - bounds.top) * random();
    });
    const { type, rows } = nameRows(ends, 11, bounds);
    assert.ok(type <= 11);
    const order = ends.map((_, i) => i).sort((a, b) => rows[a] - rows[b]);
    order.forEach((i, rank) => {
      assert.ok(rows[i] - type / 2 >= bounds.top && rows[i] + type / 2 <= bounds.bottom);
      if (!rank) return;
      assert.ok(rows[i] - rows[order[rank - 1]] >= 1.29 * type);
      assert.ok(ends[i] >= ends[order[rank - 1]] - 4); // 4 px apart is together
    });
  }
});

test("type is smaller only where the names do not fit", () => {
  assert.equal(nameRows([50, 50, 50], 11, { top: 0, bottom: 100 }).type, 11);
  assert.ok(nameRows(Array(9).fill(50), 11, { top: 0, bottom: 60 }).type < 6);
});

test("of curves that end together the last contender is on top", () => {
  const { rows } = nameRows([50, 51, 50], 11, { top: 0, bottom: 100 });
  assert.ok(rows[2] < rows[1] && rows[1] < rows[0]);
});

test("a curve is whole if it goes on to the end of the axis", () => {
  const axis = [0, 1, 2, Number.NaN];
  assert.deepEqual(lastPoint(axis, [1, 2, 3, 4]), { k: 2, isWhole: true });
  assert.deepEqual(lastPoint(axis, [1, 2, Number.NaN, 4]), { k: 1, isWhole: false });
  assert.deepEqual(lastPoint(axis, Array(4).fill(Number.NaN)), { k: -1, isWhole: false });
});
