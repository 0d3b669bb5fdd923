/**
 * Names of a time plot's curves: in its right margin, in the order of the curves' ends, with
 * leaders. No curve and no grid line reaches the margin, so that a name never lies on one.
 *
 * @typedef {import("./cursor_math.mjs").Box} Box
 * @typedef {import("./cursor_math.mjs").Point} Point
 * @typedef {import("./plots.mjs").Numbers} Numbers
 * @typedef {{ name: string, color: string, text: string, dash: string, end: Point,
 *   isLed: boolean, contender?: number }} Named
 *   A curve or level; `end` in px; `isLed`: it reaches the end of the axis in view.
 */
import { spreadApart } from "./cursor_math.mjs";
import { createSvg } from "./svg.mjs";

const ROW = 1.3; // height of a name, in sizes of its type
const INDENT = 5; // px from the plot's edge to a name
const SAMPLE = 12; // px, line sample of a curve without a leader
const TOGETHER = 4; // px: ends as near as this are in the order of the contenders

/**
 * Return the size of the names' type and their rows in px: inside the bounds, and apart.
 * @param {number[]} ends heights of the curves' ends
 * @param {number} size of the type; less if there is no room for it
 * @param {{ top: number, bottom: number }} bounds
 */
export function nameRows(ends, size, { top, bottom }) {
  const row = Math.min(ROW * size, (bottom - top) / Math.max(ends.length, 1));
  const [first, last] = [top + row / 2, bottom - row / 2];
  const wanted = ends.map((y) => TOGETHER * Math.round(y / TOGETHER));
  return { type: row / ROW, rows: spreadApart(wanted, row, first, last) };
}

/**
 * Return the index of a curve's last drawn point, −1 if it has none, and whether the curve goes on
 * to the end of the time axis.
 * @param {Numbers} x NaN beyond the axis
 * @param {Numbers} y NaN after a divergence
 */
export function lastPoint(x, y) {
  let k = x.length - 1;
  while (k >= 0 && !Number.isFinite(x[k])) k -= 1;
  const last = k;
  while (k >= 0 && !(Number.isFinite(x[k]) && Number.isFinite(y[k]))) k -= 1;
  return { k, isWhole: k >= 0 && k === last };
}

/**
 * Draw names and leaders.
 * @param {SVGElement} over the layer over the plot
 * @param {Named[]} named
 * @param {Box} box of the area between the axes
 * @param {number} size of the type, px
 */
export function drawNames(over, named, box, size) {
  const heights = named.map(({ end: [, y] }) => Math.min(Math.max(y, box.top), box.bottom));
  const { type, rows } = nameRows(heights, size, box);
  named.forEach(({ name, color, text, dash, end, isLed, contender = "" }, i) => {
    const [x, y] = isLed ? end : [box.right - SAMPLE, rows[i]];
    const marks = { class: "curve-name", "data-contender": contender };
    const d = `M${x},${y}L${box.right},${rows[i]}`;
    const dashes = dash === "solid" ? "none" : dash;
    const line = { d, stroke: color, fill: "none", "stroke-dasharray": dashes, ...marks };
    createSvg("path", line, over);
    const place = { x: box.right + INDENT, y: rows[i], "dominant-baseline": "central" };
    const style = `font-size:${type}px`;
    createSvg("text", { ...place, fill: text, style, ...marks }, over).textContent = name;
  });
}
