/**
 * Arithmetic of the cursor: recorded steps, labels of the time bar, label positions, arrows.
 *
 * @typedef {import("./plots.mjs").Numbers} Numbers
 * @typedef {{ left: number, right: number, top: number, bottom: number }} Box px
 * @typedef {[number, number]} Point px
 * @typedef {{ kind: string, text: string, from: Point, along: [number, number], length: number,
 *   visible: number }} Arrow
 *   `along`: unit vector; `length`: px; `visible`: px of it inside the map.
 * @typedef {{ name: string, color: string, text: string, dash: string, symbol: string }} Style
 *   Of a contender.
 * @typedef {{ steps: Numbers, race: number, said: string,
 *   escapes: [number, string][], alone: boolean, first: number,
 *   styles: Style[], line: number, small: number, momentum: Numbers, gradient: Numbers,
 *   fresh: (number | null)[], weights: ([number, number] | null)[] }}
 *   CursorData app/render/cursor_data.py
 */

const clamp = (/** @type {number} */ v, /** @type {number} */ low, /** @type {number} */ high) =>
  Math.min(Math.max(v, low), high);

/**
 * Return the index of the recorded step nearest to step t, the earlier one of two.
 * @param {Numbers} steps
 * @param {number} t
 */
export function nearestIndex(steps, t) {
  let best = 0;
  for (let k = 1; k < steps.length; k += 1) {
    if (Math.abs(steps[k] - t) < Math.abs(steps[best] - t)) best = k;
  }
  return best;
}

/**
 * Return the index of the first recorded step that is not before t, or the last index.
 * @param {Numbers} steps
 * @param {number} t
 */
export function firstIndexFrom(steps, t) {
  for (let k = 0; k < steps.length; k += 1) if (steps[k] >= t) return k;
  return steps.length - 1;
}

/**
 * Return the index of the last number that fulfils a condition, or −1.
 * @type {(numbers: Numbers, isFulfilled: (v: number) => boolean) => number}
 */
export function lastIndexWhere(numbers, isFulfilled) {
  for (let k = numbers.length - 1; k >= 0; k -= 1) if (isFulfilled(numbers[k])) return k;
  return -1;
}

/**
 * Return the labels of the time bar and their positions, from 0 to 1.
 *
 * The bar is linear in recorded steps; labels are 0, T and round numbers that do not overlap.
 * @param {Numbers} steps
 * @param {number} width of the bar, px
 * @param {number} digit width of a digit, px
 * @returns {[number, string][]}
 */
export function scaleNumbers(steps, width, digit) {
  const APART = 12; // px between two numbers
  const THUMB = 24; // px of the bar that the thumb's centre does not reach
  const T = steps[steps.length - 1];
  const decades = [];
  for (let decade = 10 ** Math.floor(Math.log10(Math.max(T, 1))); decade >= 1; decade /= 10) {
    decades.push(decade);
  }
  /** @type {[number, string][]} */
  const placed = [];
  for (const t of [0, T, ...decades, ...decades.flatMap((d) => [5 * d, 2 * d])]) {
    if (t > T) continue;
    const at = nearestIndex(steps, t) / Math.max(steps.length - 1, 1);
    const text = Math.round(t).toLocaleString("en");
    const isClear = (/** @type {[number, string]} */ [other, word]) =>
      Math.abs(at - other) * (width - THUMB) >= (digit * (text.length + word.length)) / 2 + APART;
    if (placed.every(isClear)) placed.push([at, text]);
  }
  return placed;
}

/**
 * Return the positions nearest to `wanted` that are at least `gap` apart and in the same order
 * (pool adjacent violators).
 * @param {number[]} wanted
 * @param {number} gap
 * @param {number} low
 * @param {number} high
 */
export function spreadApart(wanted, gap, low, high) {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b] || b - a);
  /** @type {{ mean: number, size: number }[]} */
  const pools = [];
  order.forEach((i, rank) => {
    let pool = { mean: wanted[i] - rank * gap, size: 1 };
    while (pools.length && pools[pools.length - 1].mean > pool.mean) {
      const before = /** @type {{ mean: number, size: number }} */ (pools.pop());
      const size = before.size + pool.size;
      pool = { mean: (before.mean * before.size + pool.mean * pool.size) / size, size };
    }
    pools.push(pool);
  });
  const flat = pools.flatMap(({ mean, size }) => Array(size).fill(mean));
  const last = Math.max(high - gap * (wanted.length - 1), low);
  /** @type {number[]} */
  const out = [];
  order.forEach((i, rank) => {
    out[i] = clamp(flat[rank], low, last) + rank * gap;
  });
  return out;
}

/** @type {(a: Box, b: Box) => boolean} */
export const overlap = (a, b) =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/** @type {(point: Point, box: Box) => boolean} */
export const isInside = ([x, y], { left, right, top, bottom }) =>
  x >= left && x <= right && y >= top && y <= bottom;

/**
 * Return the index of the dot nearest to the pointer, of several the first; −1 if none is near.
 * @param {Point[]} dots
 * @param {Point} pointer
 */
export function dotAt(dots, [x, y]) {
  const NEAR = 20; // px, as on Plotly's plots
  const away = dots.map(([left, top]) => Math.hypot(left - x, top - y));
  const least = Math.min(...away);
  return least <= NEAR ? away.indexOf(least) : -1;
}

/**
 * Return a contender's momentum or gradient at recorded step k; null if none was sent.
 * @param {CursorData} data
 * @param {Numbers} flat
 * @param {number} contender
 * @param {number} k
 * @returns {[number, number] | null}
 */
export function vectorAt(data, flat, contender, k) {
  const rows = flat.length / 2 / data.fresh.length;
  const at = 2 * (contender * rows + (k - data.first));
  return k >= data.first && k - data.first < rows ? [flat[at], flat[at + 1]] : null;
}

/**
 * Return the parts of a step: kind, label, vector. m_t = β m_{t−1} + g_t (Alg. 1, line 5); only
 * the step if m_t is not a sum of gradients (fresh is null).
 * @param {CursorData} data
 * @param {number} i the contender
 * @param {number[]} m
 * @param {number[]} g
 */
export function stepParts({ fresh, weights }, i, m, g) {
  const share = fresh[i];
  const parts = [];
  if (share !== null) {
    const text = share === 1 ? "−gₜ" : "−(1−β)gₜ";
    parts.push({ kind: "gradient", text, v: g.map((x) => -share * x) });
    parts.push({ kind: "carried", text: "−βmₜ₋₁", v: m.map((x, j) => -(x - share * g[j])) });
  }
  const weight = weights[i]; // null: the step is not such a sum
  if (weight) {
    const [nu, kappa] = weight;
    const text = nu === 0 && kappa === 1 ? "step −ηmₜ" : "step";
    parts.push({ kind: "step", text, v: m.map((x, j) => -(nu * g[j] + kappa * x)) });
  }
  return parts;
}

/**
 * Return the distance from a point to the map's edge along a unit vector, px.
 * @param {Point} point
 * @param {[number, number]} along
 * @param {Box} box
 */
export const roomAlong = ([x, y], [ux, uy], { left, right, top, bottom }) =>
  Math.min(
    ux > 0 ? (right - x) / ux : ux < 0 ? (left - x) / ux : Infinity,
    uy > 0 ? (bottom - y) / uy : uy < 0 ? (top - y) / uy : Infinity,
  );

const CHARACTER = 0.64; // width of a character, in sizes of the type

/**
 * Kind of arrow → candidate positions of its label, best first: side of the shaft (0: at the tip)
 * and fraction of its visible length.
 * @type {Record<string, [number, number][]>}
 */
const LABEL_PLACES = {
  gradient: [
    [1, 0.7],
    [-1, 0.7],
  ],
  carried: [
    [-1, 0.7],
    [1, 0.7],
  ],
  step: [
    [0, 1],
    [1, 0.7],
    [-1, 0.7],
    [1, 0.35],
    [-1, 0.35],
    [1, 1],
    [-1, 1],
  ],
};

/**
 * Return a label's position and box if its arrow has room for it, kept inside the map.
 * @type {(place: [number, number], arrow: Arrow, edge: Box, size: number) => any}
 */
function labelAt([side, share], arrow, edge, size) {
  const { text, from, along: unit, length, visible } = arrow;
  const [[x0, y0], [ux, uy]] = [from, unit];
  if (side ? visible < 24 : visible < length) return null;
  const along = side ? share * visible : length + 10;
  const x = x0 + ux * along - side * uy * size;
  const y = y0 + uy * along + side * ux * size;
  const toward = side ? -side * uy : ux;
  const anchor = toward > 0.3 ? "start" : toward < -0.3 ? "end" : "middle";
  const width = CHARACTER * size * text.length;
  const before = { start: 0, middle: width / 2, end: width }[anchor];
  const left = clamp(x - before, edge.left + 2, edge.right - width - 2); // inside the map
  const right = left + width;
  const half = 0.65 * size;
  return { x: left + before, y, anchor, left, right, top: y - half, bottom: y + half };
}

/**
 * Return the distance from a point to a shaft, px.
 * @type {(point: Point, arrow: Arrow) => number}
 */
function distanceTo([px, py], { from: [x, y], along: [ux, uy], visible }) {
  const t = clamp((px - x) * ux + (py - y) * uy, 0, visible);
  return Math.hypot(px - x - t * ux, py - y - t * uy);
}

/**
 * Return whether a label covers another arrow's shaft, or is closer to it than to its own.
 * @type {(place: any, own: Arrow, other: Arrow) => boolean}
 */
function isAmbiguous(place, own, other) {
  const {
    from: [x, y],
    along: [ux, uy],
    visible,
  } = other;
  for (let tenth = 1; tenth <= 10; tenth += 1) {
    const along = (tenth / 10) * visible;
    if (isInside([x + along * ux, y + along * uy], place)) return true;
  }
  const at = /** @type {Point} */ ([place.x, place.y]);
  return distanceTo(at, other) < distanceTo(at, own) - 1; // coinciding shafts: either is fine
}

/**
 * Return an arrow's label position on the map, clear of labels and other arrows; or null.
 * @param {Arrow} arrow
 * @param {Arrow[]} arrows
 * @param {Box[]} words
 * @param {Box} edge
 * @param {number} size of the type, px
 */
export function arrowLabel(arrow, arrows, words, edge, size) {
  const isFree = (/** @type {any} */ place) =>
    place &&
    place.top >= edge.top &&
    place.bottom <= edge.bottom &&
    !words.some((box) => overlap(place, box)) &&
    !arrows.some((other) => other !== arrow && isAmbiguous(place, arrow, other));
  const places = LABEL_PLACES[arrow.kind].map((place) => labelAt(place, arrow, edge, size));
  return places.find(isFree) || null;
}
