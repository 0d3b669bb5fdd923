/**
 * Boxes of what a name on the landscape must not cover: its marked points and their labels, the
 * escape radius's label and lines, v and its arrow.
 *
 * @typedef {import("./cursor_math.mjs").Box} Box
 * @typedef {import("./cursor_math.mjs").Point} Point
 * @typedef {import("./landscape_overlay.mjs").Overlay} Overlay
 * @typedef {{ trace: any, x: ArrayLike<number>, y: ArrayLike<number> }} Landmark
 *   A trace and its displayed coordinates.
 */
import { labelBoxes } from "./text_measures.mjs";

const STEP = 16; // px, side of the boxes along a slanted line

/**
 * Return boxes along a segment: one if it is upright or level, else one for each 16 px; none if an
 * end is not finite.
 * @type {(a: Point, b: Point) => Box[]}
 */
export function segmentBoxes([x0, y0], [x1, y1]) {
  const [dx, dy] = [x1 - x0, y1 - y0];
  if (!Number.isFinite(dx + dy)) return [];
  const count = Math.max(Math.ceil(Math.min(Math.abs(dx), Math.abs(dy)) / STEP), 1);
  return Array.from({ length: count }, (_, i) => {
    const xs = [i, i + 1].map((j) => x0 + (dx * j) / count);
    const ys = [i, i + 1].map((j) => y0 + (dy * j) / count);
    return {
      left: Math.min(...xs) - 1,
      right: Math.max(...xs) + 1,
      top: Math.min(...ys) - 1,
      bottom: Math.max(...ys) + 1,
    };
  });
}

/** @type {(overlay: Overlay, landmark: Landmark) => Box[]} */
function lineBoxes({ xaxis, yaxis }, { trace, x, y }) {
  if (!trace.mode.includes("lines")) return [];
  const at = (/** @type {number} */ i) =>
    /** @type {Point} */ ([xaxis._offset + xaxis.d2p(x[i]), yaxis._offset + yaxis.d2p(y[i])]);
  return Array.from(x, (_, i) => (i ? segmentBoxes(at(i - 1), at(i)) : [])).flat();
}

/** @type {(overlay: Overlay, landmark: Landmark) => Box[]} */
function markerBoxes({ xaxis, yaxis }, { trace, x, y }) {
  if (!trace.mode.includes("markers")) return [];
  const half = trace.marker.size / 2;
  return Array.from(x, (_, i) => {
    const [px, py] = [xaxis._offset + xaxis.d2p(x[i]), yaxis._offset + yaxis.d2p(y[i])];
    return { left: px - half, right: px + half, top: py - half, bottom: py + half };
  }).filter(({ left, top }) => Number.isFinite(left + top));
}

/** Return the boxes of the arrows among the annotations. @type {(overlay: Overlay) => Box[]} */
function arrowBoxes({ plot, xaxis, yaxis }) {
  const at = (/** @type {any} */ x, /** @type {any} */ y) =>
    /** @type {Point} */ ([xaxis._offset + xaxis.d2p(x), yaxis._offset + yaxis.d2p(y)]);
  return (plot._fullLayout.annotations || [])
    .filter((/** @type {any} */ { showarrow }) => showarrow)
    .flatMap((/** @type {any} */ { x, y, ax, ay }) => segmentBoxes(at(x, y), at(ax, ay)));
}

/**
 * Return the boxes of the landmarks' labels, markers and lines, and of the annotations.
 * @type {(overlay: Overlay, landmarks: Landmark[]) => Box[]}
 */
export function landmarkBoxes(overlay, landmarks) {
  const { plot } = overlay;
  const labels = landmarks
    .flatMap(({ trace }) => [...plot.querySelectorAll(`.scatterlayer g.trace${trace.uid} text`)])
    .filter((text) => text.textContent?.trim());
  const names = [...plot.querySelectorAll(".annotation text")];
  return [
    ...labelBoxes(plot, [...labels, ...names]),
    ...landmarks.flatMap((landmark) => lineBoxes(overlay, landmark)),
    ...landmarks.flatMap((landmark) => markerBoxes(overlay, landmark)),
    ...arrowBoxes(overlay),
  ];
}
