/** Recorded steps, the time bar's numbers, labels that keep apart, arrows that add up. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  arrowLabel,
  dotAt,
  firstIndexFrom,
  lastIndexWhere,
  nearestIndex,
  roomAlong,
  scaleNumbers,
  spreadApart,
  stepParts,
  vectorAt,
} from "../../assets/modules/cursor_math.mjs";
import { generator } from "./random.mjs";

const SEEDS = Array.from({ length: 100 }, (_, i) => i + 1);

/** Recorded steps as the engine has them: dense at first, even later. */
function recorded(random) {
  const T = Math.ceil(10 ** (1 + 5 * random()));
  const steps = new Set([0, T]);
  for (let i = 0; i < 40; i += 1)
    steps.add(Math.round(T ** random())).add(Math.round(T * random()));
  return [...steps].sort((a, b) => a - b);
}

test("the nearest recorded step is nearest, and the first from a step is not before it", () => {
  for (const seed of SEEDS) {
    const random = generator(seed);
    const steps = recorded(random);
    const t = steps.at(-1) * 1.2 * random();
    const nearest = steps[nearestIndex(steps, t)];
    assert.equal(Math.abs(nearest - t), Math.min(...steps.map((s) => Math.abs(s - t))));
    const first = firstIndexFrom(steps, t);
    if (t > steps.at(-1)) assert.equal(first, steps.length - 1);
    else assert.ok(steps[first] >= t && (first === 0 || steps[first - 1] < t));
  }
  assert.equal(nearestIndex([0, 2, 4], 3), 1); // of two the earlier one
});

test("the last index that fulfils a condition; −1 where none does, also for NaN", () => {
  assert.equal(
    lastIndexWhere([1, 5, Number.NaN, 9], (v) => v <= 6),
    1,
  );
  assert.equal(
    lastIndexWhere([1, 5, 3], () => true),
    2,
  );
  assert.equal(
    lastIndexWhere([Number.NaN, 7], (v) => v <= 6),
    -1,
  );
});

test("every recorded step is its own nearest", () => {
  for (const seed of SEEDS) {
    const steps = recorded(generator(seed));
    steps.forEach((t, k) => {
      assert.equal(nearestIndex(steps, t), k);
      assert.equal(firstIndexFrom(steps, t), k);
    });
  }
});

test("the numbers under the bar begin at 0, end at T and keep 12 px apart", () => {
  for (const seed of SEEDS) {
    const random = generator(seed);
    const steps = recorded(random);
    const [width, digit] = [200 + 800 * random(), 5 + 5 * random()];
    const numbers = scaleNumbers(steps, width, digit);
    assert.deepEqual(numbers[0], [0, "0"]);
    assert.deepEqual(numbers[1], [1, steps.at(-1).toLocaleString("en")]);
    const edges = numbers
      .map(([at, text]) => [at * (width - 24), (digit * text.length) / 2])
      .sort(([a], [b]) => a - b);
    for (let i = 1; i < edges.length; i += 1) {
      const gap = edges[i][0] - edges[i][1] - (edges[i - 1][0] + edges[i - 1][1]);
      assert.ok(gap >= 12 - 1e-9, `seed ${seed}: ${gap} px between two numbers`);
    }
  }
});

test("labels are spread with gaps, in order, between the bounds, and moved no more than needed", () => {
  const loss = (rows, wanted) => rows.reduce((sum, y, i) => sum + (y - wanted[i]) ** 2, 0);
  for (const seed of SEEDS) {
    const random = generator(seed);
    const wanted = Array.from({ length: 2 + Math.floor(4 * random()) }, () => 100 * random());
    const gap = 5 + 10 * random();
    const [low, high] = [0, 100];
    const rows = spreadApart(wanted, gap, low, high);
    const order = rows.map((_, i) => i).sort((a, b) => rows[a] - rows[b]);
    order.forEach((i, rank) => {
      assert.ok(rows[i] >= low - 1e-9 && rows[i] <= high + 1e-9);
      if (!rank) return;
      assert.ok(rows[i] - rows[order[rank - 1]] >= gap - 1e-9);
      assert.ok(wanted[i] >= wanted[order[rank - 1]]);
    });
    for (let trial = 0; trial < 20; trial += 1) {
      const other = [...rows];
      const moved = Math.floor(rows.length * random());
      other[moved] += 4 * (random() - 0.5);
      const sorted = [...other].sort((a, b) => a - b);
      const isAllowed =
        sorted.every((y, k) => y >= low && y <= high && (!k || y - sorted[k - 1] >= gap)) &&
        order.every((i, k) => !k || other[i] > other[order[k - 1]]);
      if (isAllowed) assert.ok(loss(other, wanted) >= loss(rows, wanted) - 1e-9, `seed ${seed}`);
    }
  }
  assert.deepEqual(spreadApart([10, 50, 90], 5, 0, 100), [10, 50, 90]);
});

const MAP = { left: 0, right: 300, top: 0, bottom: 300 };
const overlap = (a, b) =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

test("the dot under the pointer is the nearest one within 20 px, of several the first", () => {
  const dots = [
    [10, 10],
    [30, 10],
    [30, 10],
  ];
  assert.equal(dotAt(dots, [12, 10]), 0);
  assert.equal(dotAt(dots, [25, 10]), 1);
  assert.equal(dotAt(dots, [30, 30]), 1);
  assert.equal(dotAt(dots, [30, 31]), -1);
  assert.equal(dotAt([], [0, 0]), -1);
});

const DATA = {
  first: 10,
  fresh: [1, 0.1],
  weights: [[0.5, 0.25], null],
  momentum: [1, 2, 3, 4, 5, 6, 7, 8], // two contenders, two recorded steps, x and y
};

test("a vector is read at its contender and step; where none was sent there is none", () => {
  const at = (contender, k) => vectorAt(DATA, DATA.momentum, contender, k);
  assert.deepEqual(
    [at(0, 10), at(0, 11), at(1, 10), at(1, 11)],
    [
      [1, 2],
      [3, 4],
      [5, 6],
      [7, 8],
    ],
  );
  assert.deepEqual([at(0, 9), at(1, 12)], [null, null]);
});

test("gradient and carried momentum add up to the momentum; a step is their weighted sum", () => {
  const [m, g] = [
    [3, -1],
    [0.5, 2],
  ];
  for (const contender of [0, 1]) {
    const [gradient, carried] = stepParts(DATA, contender, m, g);
    for (const j of [0, 1]) assert.ok(Math.abs(gradient.v[j] + carried.v[j] + m[j]) < 1e-12);
    assert.deepEqual(
      gradient.v,
      g.map((v) => -DATA.fresh[contender] * v),
    );
  }
  const kinds = (contender) => stepParts(DATA, contender, m, g).map(({ kind }) => kind);
  assert.deepEqual(kinds(0), ["gradient", "carried", "step"]);
  assert.deepEqual(kinds(1), ["gradient", "carried"]);
  const noSum = { ...DATA, fresh: [null, null] };
  assert.deepEqual(
    stepParts(noSum, 0, m, g).map(({ kind }) => kind),
    ["step"],
  );
  // the step of heavy ball is −ηm; that of another rule is a sum
  const named = (weights) => stepParts({ ...DATA, weights: [weights] }, 0, m, g)[2].text;
  assert.equal(named([0, 1]), "step −ηmₜ");
  assert.equal(named([1, 0.9]), "step");
  assert.deepEqual(stepParts(DATA, 0, m, g)[2].v, [-(0.5 * 0.5 + 0.25 * 3), -(0.5 * 2 - 0.25)]);
});

test("from a point the map goes on to its nearest edge", () => {
  assert.equal(roomAlong([100, 200], [1, 0], MAP), 200);
  assert.equal(roomAlong([100, 200], [0, -1], MAP), 200);
  assert.equal(roomAlong([100, 200], [-0.6, 0.8], MAP), 125);
});

test("an arrow's label is on the map and clear of words, or there is none", () => {
  for (const seed of SEEDS) {
    const random = generator(seed);
    const arrow = (kind) => {
      const angle = 2 * Math.PI * random();
      const length = 30 + 60 * random();
      const along = [Math.cos(angle), Math.sin(angle)];
      return { kind, text: "−gₜ", from: [150, 150], along, length, visible: length };
    };
    const arrows = ["gradient", "carried", "step"].map(arrow);
    const word = { left: 300 * random(), top: 300 * random() };
    const words = [{ ...word, right: word.left + 80, bottom: word.top + 40 }];
    for (const each of arrows) {
      const place = arrowLabel(each, arrows, words, MAP, 11);
      if (!place) continue;
      assert.ok(place.left >= 0 && place.right <= 300 && place.top >= 0 && place.bottom <= 300);
      assert.ok(!overlap(place, words[0]));
    }
    assert.ok(arrowLabel(arrows[0], [arrows[0]], [], MAP, 11), "alone it has a place");
    assert.equal(arrowLabel(arrows[0], arrows, [MAP], MAP, 11), null);
  }
});
