/**
 * Measures of text on a plot. While a slider is held they follow from earlier ones: to read the
 * layout of a page that has changed, the browser must compute it at once.
 *
 * @typedef {import("./cursor_math.mjs").Box} Box
 * @typedef {{ words: string | null, at: number[], box: Box }} Measured
 *   `at`: the label's point when it was measured, px.
 */
import { isHeld } from "./gesture.mjs";

/** @type {WeakMap<Element, DOMRect>} plot → its place in the window */
const places = new WeakMap();
/** @type {WeakMap<Element, Measured>} */
const measures = new WeakMap();
let perCharacter = 7; // px, in the text that was measured last

/** Return the place of a plot in the window. @param {Element} plot */
export function placeOf(plot) {
  const known = isHeld() && places.get(plot);
  const place = known || plot.getBoundingClientRect();
  places.set(plot, place);
  return place;
}

const pointOf = (/** @type {Element} */ label) =>
  ["x", "y"].map((name) => Number(label.getAttribute(name)));

/** @type {(label: Element, home: DOMRect) => void} */
function measure(label, home) {
  const { left, right, top, bottom } = label.getBoundingClientRect();
  const [x, y] = [home.left, home.top];
  const box = { left: left - x, right: right - x, top: top - y, bottom: bottom - y };
  measures.set(label, { words: label.textContent, at: pointOf(label), box });
}

/** Return a measured label's box where the label is now. @param {Element} label */
function boxOf(label) {
  const { at, box } = /** @type {Measured} */ (measures.get(label));
  const [dx, dy] = pointOf(label).map((v, i) => v - at[i]);
  const { left, right, top, bottom } = box;
  return { left: left + dx, right: right + dx, top: top + dy, bottom: bottom + dy };
}

/**
 * Return the boxes of labels, px from a plot's left upper corner.
 * @type {(plot: Element, labels: Element[]) => Box[]}
 */
export function labelBoxes(plot, labels) {
  const isKnown = (/** @type {Element} */ label) =>
    measures.get(label)?.words === label.textContent;
  if (!isHeld() || !labels.every(isKnown)) {
    const home = placeOf(plot);
    for (const label of labels) measure(label, home);
  }
  return labels.map(boxOf);
}

/** Return the width of a text, px; about that while a slider is held. */
export function textWidth(/** @type {SVGTextElement} */ text) {
  const count = text.textContent?.length || 0;
  if (isHeld()) return perCharacter * count;
  const width = text.getComputedTextLength();
  if (count) perCharacter = width / count;
  return width;
}
