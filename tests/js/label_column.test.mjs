/** Names beside the dots: clear of words and lines, apart, on the map. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { labelColumn } from "../../assets/modules/label_column.mjs";
import { segmentBoxes } from "../../assets/modules/landmark_boxes.mjs";
import { generator } from "./random.mjs";

const SEEDS = Array.from({ length: 100 }, (_, i) => i + 1);
const MAP = { left: 0, right: 300, top: 0, bottom: 300 };
const overlap = (a, b) =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

test("names stand beside the dots, on the side where there is room, clear of words", () => {
  const right = labelColumn({ box: MAP, edge: MAP.right, words: [] }, [[100, 150]], 10, 60);
  assert.deepEqual([right.atRight, right.column, right.rows], [true, 130, [150]]);
  const left = labelColumn({ box: MAP, edge: MAP.right, words: [] }, [[280, 150]], 10, 60);
  assert.deepEqual([left.atRight, left.column], [false, 250]);
  const word = { left: 130, right: 190, top: 140, bottom: 160 };
  const clear = labelColumn({ box: MAP, edge: MAP.right, words: [word] }, [[100, 150]], 10, 60);
  assert.ok(!clear.boxes.some((box) => overlap(box, word)));
});

test("no name covers another or leaves the map, wherever the dots are", () => {
  for (const seed of SEEDS) {
    const random = generator(seed);
    const dots = Array.from({ length: 1 + Math.floor(8 * random()) }, () => [
      300 * random(),
      300 * random(),
    ]);
    const word = { left: 200 * random(), top: 280 * random() };
    const words = [{ ...word, right: word.left + 60, bottom: word.top + 15 }];
    const { boxes, column, atRight } = labelColumn(
      { box: MAP, edge: MAP.right, words },
      dots,
      10,
      60,
    );
    boxes.forEach((box, i) => {
      assert.ok(box.top >= MAP.top && box.bottom <= MAP.bottom, `seed ${seed}`);
      assert.equal(atRight ? box.left : box.right, column);
      for (const other of boxes.slice(0, i)) assert.ok(!overlap(box, other), `seed ${seed}`);
    });
  }
});

test("no name lies on a line while there is room beside it", () => {
  for (const seed of SEEDS) {
    const random = generator(seed);
    const at = () => /** @type {[number, number]} */ ([300 * random(), 300 * random()]);
    const words = segmentBoxes(at(), at());
    const dots = Array.from({ length: 3 }, at);
    const { boxes, isClear } = labelColumn({ box: MAP, edge: MAP.right, words }, dots, 10, 60);
    const hit = boxes.some((box) => words.some((word) => overlap(box, word)));
    assert.equal(hit, !isClear, `seed ${seed}`);
  }
  const level = segmentBoxes([0, 150], [300, 150]);
  const { boxes, isClear } = labelColumn(
    { box: MAP, edge: MAP.right, words: level },
    [[100, 150]],
    10,
    60,
  );
  assert.ok(isClear && !overlap(boxes[0], level[0]));
  assert.ok(Math.abs(boxes[0].top + boxes[0].bottom - 300) <= 20); // the nearest free row
});

test("boxes along a segment cover it, and a gap has none", () => {
  for (const seed of SEEDS) {
    const random = generator(seed);
    const [a, b] = [0, 1].map(() => [300 * random(), 300 * random()]);
    const boxes = segmentBoxes(a, b);
    for (let tenth = 0; tenth <= 10; tenth += 1) {
      const [x, y] = a.map((v, i) => v + (tenth / 10) * (b[i] - v));
      const isIn = (box) => x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
      assert.ok(boxes.some(isIn), `seed ${seed}`);
    }
  }
  assert.deepEqual(segmentBoxes([0, 0], [Number.NaN, 1]), []);
});
