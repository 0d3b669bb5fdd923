/**
 * The column of the contenders' names beside their dots on the landscape.
 *
 * @typedef {import("./cursor_math.mjs").Box} Box
 * @typedef {import("./cursor_math.mjs").Point} Point
 * @typedef {{ atRight: boolean, column: number }} Column x of the names' near end, px
 */
import { overlap, spreadApart } from "./cursor_math.mjs";

const OFFSETS = [30, 16]; // px from the dots to their names, best first
const STRIDE = 3; // px between two rows that are tried

/**
 * Return the column of names right or left of the dots, clear of the map's labels and lines: each
 * name in the free row nearest to its dot; the right side first, if all are clear there.
 * @param {{ box: Box, edge: number, words: Box[] }} map `edge`: x of the plot's right end, px
 * @param {Point[]} dots
 * @param {number} size of the type, px
 * @param {number} width of the longest name, px
 */
export function labelColumn({ box, edge, words }, dots, size, width) {
  const xs = dots.map(([x]) => x);
  const [first, last] = [Math.min(...xs), Math.max(...xs)];
  const places = OFFSETS.flatMap((offset) => [
    { atRight: true, column: last + offset },
    { atRight: false, column: first - offset },
  ]);
  const fits = (/** @type {Column} */ { atRight, column }) =>
    atRight ? column + width <= edge : column - width >= box.left;
  const [top, bottom] = [box.top + size, box.bottom - size];
  const even = spreadApart(
    dots.map(([, y]) => y),
    1.3 * size,
    top,
    bottom,
  );
  const order = even.map((_, i) => i).sort((a, b) => even[a] - even[b]);
  const count = Math.ceil((bottom - top) / STRIDE);
  const layOut = (/** @type {Column} */ { atRight, column }) => {
    const from = atRight ? column : column - width;
    const boxAt = (/** @type {number} */ y) => {
      return { left: from, right: from + width, top: y - 0.6 * size, bottom: y + 0.6 * size };
    };
    const near = words.filter((word) => word.left < from + width && from < word.right);
    const rows = [...even];
    /** @type {Box[]} */
    const taken = [];
    let isClear = true;
    for (const i of order) {
      const isFree = (/** @type {number} */ y) =>
        y >= top && y <= bottom && ![...near, ...taken].some((word) => overlap(boxAt(y), word));
      let k = 0;
      const tried = () => even[i] + STRIDE * Math.ceil(k / 2) * (k % 2 ? 1 : -1);
      while (k <= 2 * count && !isFree(tried())) k += 1;
      if (k <= 2 * count) rows[i] = tried();
      else isClear = false;
      taken.push({ ...boxAt(rows[i]), bottom: rows[i] + 0.7 * size, top: rows[i] - 0.7 * size });
    }
    return { atRight, column, rows, boxes: rows.map(boxAt), isClear };
  };
  const fitting = places.filter(fits);
  const all = (fitting.length ? fitting : [places[1]]).map(layOut);
  return all.find(({ isClear }) => isClear) || all[0];
}
