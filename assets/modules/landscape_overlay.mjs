/**
 * The cursor on the landscape: paths up to its step, dots with names, and the arrows of the chosen
 * contender's next step, in a layer over Plotly's SVG. Plotly's figure has none of them.
 *
 * @typedef {import("./cursor_math.mjs").CursorData} CursorData
 * @typedef {import("./cursor_math.mjs").Box} Box
 * @typedef {import("./cursor_math.mjs").Point} Point
 * @typedef {import("./plots.mjs").Axis} Axis
 * @typedef {import("./plots.mjs").Numbers} Numbers
 * @typedef {import("./cursor_math.mjs").Style} Style
 * @typedef {{ x: Numbers, y: Numbers, style: Style, tag: Record<string, number>, texts: string[],
 *   points: Point[], path: SVGElement, dot: SVGElement, lead: SVGElement,
 *   label: SVGElement }} Curve
 *   A contender's first path, its points as the text of an SVG path as far as drawn, its elements.
 * @typedef {{ plot: import("./plots.mjs").Plot, xaxis: Axis, yaxis: Axis, curves: Curve[],
 *   over: SVGElement, box: Box, words: Box[], arrows: SVGElement, note: SVGTextElement,
 *   dots: Point[], k: number, veil: SVGElement, line: SVGElement | null,
 *   marks: SVGElement[] }} Overlay
 *   `dots`: the drawn ones; `k`: index of their recorded step.
 */
import { arrowLabel, dotAt, isInside, roomAlong, stepParts, vectorAt } from "./cursor_math.mjs";
import { labelColumn } from "./label_column.mjs";
import { landmarkBoxes, segmentBoxes } from "./landmark_boxes.mjs";
import { placeMark, symbolPath } from "./marks.mjs";
import { createSvg } from "./svg.mjs";
import { placeOf, textWidth } from "./text_measures.mjs";

const TYPICAL = 0.16; // fraction of the landscape's side: arrow of a typical momentum
const LONGEST = 0.4;
const KEY_AWAY = 5; // sizes of the type from the map's edge to the key, under numbers and title
const DOT = 6; // px, radius of a contender's dot
/** @type {number[]} length of each contender's typical momentum */
const typicalMomentum = [];
/** @type {Point | null} the pointer over the plot, px from its left upper corner */
let pointer = null;

/** Return a data value as px from the plot's edge. @type {(axis: Axis, value: number) => number} */
export const toPlotPixels = (axis, value) => axis._offset + axis.d2p(value);

/** Return the box of the area between the axes. @type {(overlay: Overlay) => Box} */
export const areaOf = ({ xaxis, yaxis }) => ({
  left: xaxis._offset,
  right: xaxis._offset + xaxis._length,
  top: yaxis._offset,
  bottom: yaxis._offset + yaxis._length,
});

const toTenths = (/** @type {number} */ v) => Math.round(10 * v) / 10;

/** Return a curve's points, to 1/10 px; a non-finite point repeats the previous one. */
function curvePoints(
  /** @type {Overlay} */ { xaxis, yaxis },
  /** @type {Curve} */ curve,
  /** @type {number} */ count,
) {
  /** @type {Point[]} */
  const points = [];
  for (let k = 0; k < count; k += 1) {
    const x = toTenths(toPlotPixels(xaxis, curve.x[k]));
    const y = toTenths(toPlotPixels(yaxis, curve.y[k]));
    const isShown = Number.isFinite(x) && Number.isFinite(y);
    points.push(isShown ? [x, y] : points[k - 1] || [0, 0]);
  }
  return points;
}

/** Return the SVG path of a curve up to point k. @type {(curve: Curve, k: number) => string} */
function pathTo({ points, texts }, k) {
  while (texts.length <= k) texts.push(points[texts.length].join());
  return `M${texts.slice(0, k + 1).join("L")}`;
}

/**
 * Build the overlay's elements, once for each figure.
 * @param {Overlay} overlay
 * @param {CursorData} data
 * @param {import("./landmark_boxes.mjs").Landmark[]} landmarks what the names avoid
 */
export function buildLandscape(overlay, data, landmarks) {
  const { over, curves } = overlay;
  const box = areaOf(overlay);
  overlay.box = box;
  overlay.words = landmarkBoxes(overlay, landmarks);
  const clip = createSvg("clipPath", { id: "cursor-clip" }, over);
  const size = { width: box.right - box.left, height: box.bottom - box.top };
  createSvg("rect", { x: box.left, y: box.top, ...size }, clip);
  const clipped = { "clip-path": "url(#cursor-clip)" };
  const paths = createSvg("g", clipped, over);
  overlay.arrows = createSvg("g", { class: "cursor-arrows", ...clipped }, over);
  const leads = createSvg("g", {}, over);
  const dots = createSvg("g", {}, over);
  for (const curve of [...curves].reverse()) {
    const { color, dash, symbol } = curve.style;
    const width = data.line;
    curve.points = curvePoints(overlay, curve, data.steps.length);
    curve.texts = [];
    const dashes = dash === "solid" ? "" : dash.replaceAll("px", "");
    const line = { fill: "none", stroke: color, "stroke-width": width };
    const stroke = { ...line, "stroke-dasharray": dashes };
    curve.path = createSvg("path", { ...stroke, "stroke-linejoin": "round", ...curve.tag }, paths);
    const dot = { d: symbolPath(symbol, 2.25 * width), fill: color, class: "cursor-mark" };
    curve.dot = createSvg("path", { ...dot, ...curve.tag }, dots);
  }
  for (const curve of curves) {
    const { name, color, text } = curve.style;
    const lead = { fill: "none", stroke: color, "stroke-width": 1 };
    curve.lead = createSvg("path", { ...lead, ...curve.tag }, leads);
    const label = { fill: text, class: "cursor-name", "dominant-baseline": "central" };
    curve.label = createSvg("text", { ...label, ...curve.tag }, dots);
    curve.label.textContent = name;
  }
  const note = { class: "cursor-note", x: box.right, y: box.top - 6, "text-anchor": "end" };
  overlay.note = /** @type {SVGTextElement} */ (createSvg("text", note, over));
  if (!data.alone) measureMomentum(overlay, data);
  drawKey(overlay, data);
}

/** Return an axis' px for one unit. @param {Axis} axis */
const pixelsPerUnit = (axis) => Math.abs(axis.d2p(1) - axis.d2p(0));

/** Return whether any of the map is shaded. @param {import("./plots.mjs").Plot} plot */
const hasRegion = (plot) =>
  plot._fullData.some((trace) => trace.meta?.kind === "region" && trace.x?.length > 0);

/**
 * Write the key under the map, if there is room; the arrows' scale is of the chosen contender.
 * @type {(overlay: Overlay, data: CursorData) => void}
 */
function drawKey({ over, plot, box, xaxis, curves }, { small, momentum }) {
  const y = box.bottom + KEY_AWAY * small;
  if (y + 0.5 * small > plot._fullLayout.height) return;
  const i = selectedContender(curves.length);
  const side = Math.min(box.right - box.left, box.bottom - box.top);
  const scale = (TYPICAL * side) / pixelsPerUnit(xaxis) / typicalMomentum[i];
  const parts = ["━ up to the cursor", "─ to come"];
  if (hasRegion(plot)) parts.push("shaded: ‖∇f‖ ≤ 0.05 and λ ≤ −0.05");
  const arrows = `arrows: m, g × ${Number(scale.toPrecision(2))}`;
  if (momentum.length && Number.isFinite(scale)) parts.push(arrows);
  const at = { class: "map-key", x: box.left, y };
  const key = /** @type {SVGTextElement} */ (createSvg("text", at, over));
  // From the third on, parts for which there is no room are left out.
  do key.textContent = parts.join(" · ");
  while (textWidth(key) > plot._fullLayout.width - box.left && parts.splice(2, 1).length);
}

/**
 * Compute the typical length of each contender's momentum while its path is on the map.
 * @type {(overlay: Overlay, data: CursorData) => void}
 */
function measureMomentum({ curves, box }, data) {
  curves.forEach((curve, i) => {
    /** @type {number[]} */
    const lengths = [];
    curve.points.forEach((point, k) => {
      const m = vectorAt(data, data.momentum, i, k);
      if (m && isInside(point, box)) lengths.push(Math.hypot(...m));
    });
    lengths.sort((a, b) => a - b);
    typicalMomentum[i] = lengths[Math.floor(0.75 * lengths.length)] || typicalMomentum[i] || 1;
  });
}

/**
 * Draw the cursor at recorded step k.
 * @param {Overlay} overlay
 * @param {CursorData} data
 * @param {number} k
 * @param {string} said what happens at this step, or ""
 */
export function drawLandscape(overlay, data, k, said) {
  const { box, curves } = overlay;
  if (!box || curves.some(({ points }) => k >= points.length)) return; // a refresh is pending
  const dots = curves.map((curve) => {
    const [x, y] = curve.points[k];
    const inX = Math.min(Math.max(x, box.left), box.right);
    return /** @type {Point} */ ([inX, Math.min(Math.max(y, box.top), box.bottom)]);
  });
  const size = data.small;
  const width = Math.max(...curves.map(({ style }) => style.name.length)) * size * 0.62;
  const words = [...overlay.words, ...drawArrows(overlay, data, dots, k)];
  const edge = overlay.plot._fullLayout.width;
  const { atRight, column, rows } = labelColumn({ box, edge, words }, dots, size, width);
  curves.forEach((curve, i) => {
    const [x, y] = dots[i];
    curve.path.setAttribute("d", pathTo(curve, k));
    placeMark(curve.dot, x, y);
    curve.lead.setAttribute("d", `M${x},${y}L${column},${rows[i]}`);
    curve.label.setAttribute("x", String(column + (atRight ? 3 : -3)));
    curve.label.setAttribute("y", String(rows[i]));
    curve.label.setAttribute("text-anchor", atRight ? "start" : "end");
    curve.label.style.fontSize = `${size}px`;
  });
  const note = overlay.note;
  note.textContent = said || `step ${Math.round(data.steps[k]).toLocaleString("en")}`;
  if (said && textWidth(note) > box.right) {
    note.textContent = note.textContent.split(";")[0]; // the part that fits
  }
  Object.assign(overlay, { dots, k });
  drawHover(overlay);
}

/** Label the dot under the pointer with its contender and its place. @param {Overlay} overlay */
function drawHover({ over, box, curves, dots, k }) {
  over.querySelector(".cursor-hover")?.remove();
  const i = pointer && dots ? dotAt(dots, pointer) : -1;
  if (i < 0) return;
  const { x, y, style } = curves[i];
  const place = [x[k], y[k]].map((v) => String(Number(v.toPrecision(3))).replaceAll("-", "−"));
  const label = createSvg("g", { class: "cursor-hover", ...curves[i].tag }, over);
  const frame = createSvg("rect", { height: 20, rx: 2 }, label);
  const at = { "text-anchor": "middle", "dominant-baseline": "central" };
  const text = /** @type {SVGTextElement} */ (createSvg("text", at, label));
  text.textContent = `${style.name}: ${place.join(", ")}`;
  const half = textWidth(text) / 2 + 6;
  const middle = Math.min(Math.max(dots[i][0], box.left + half), box.right - half);
  const centre = dots[i][1] + (dots[i][1] - box.top < 32 ? 20 : -20);
  for (const [name, v] of Object.entries({ x: middle, y: centre })) text.setAttribute(name, `${v}`);
  const corner = { x: middle - half, y: centre - 10, width: 2 * half };
  for (const [name, v] of Object.entries(corner)) frame.setAttribute(name, `${v}`);
}

/**
 * Label the dot under the pointer while it moves over the landscape.
 * @param {import("./plots.mjs").Plot} plot
 * @param {() => Overlay | null} current
 */
export function followPointer(plot, current) {
  const follow = (/** @type {Point | null} */ to) => {
    pointer = to;
    const overlay = current();
    if (overlay) drawHover(overlay);
  };
  plot.addEventListener("pointermove", (event) => {
    const { left, top } = placeOf(plot);
    follow([event.clientX - left, event.clientY - top]);
  });
  plot.addEventListener("pointerleave", () => follow(null));
}

/** Return the contender whose chip is selected. @param {number} count */
function selectedContender(count) {
  const chip = document.querySelector(".chip.selected");
  const index = chip ? Number(chip.id.split("-").pop()) : count - 1;
  return Math.min(index, count - 1);
}

/**
 * Draw the arrows of the next step, cut at the map's edge, and name them; return boxes of both.
 * @type {(overlay: Overlay, data: CursorData, dots: Point[], k: number) => Box[]}
 */
function drawArrows({ arrows, box, words: landmarks, xaxis, yaxis }, data, dots, k) {
  arrows.replaceChildren();
  const i = selectedContender(data.fresh.length);
  arrows.setAttribute("data-contender", String(i));
  const m = vectorAt(data, data.momentum, i, k);
  const g = vectorAt(data, data.gradient, i, k);
  if (!m || !g || !dots[i]) return [];
  const side = Math.min(box.right - box.left, box.bottom - box.top);
  const [signX, signY] = [xaxis, yaxis].map((axis) => Math.sign(axis.d2p(1) - axis.d2p(0)));
  const [x0, y0] = dots[i];
  const drawn = stepParts(data, i, m, g).flatMap(({ kind, text, v: [x, y] }) => {
    const norm = Math.hypot(x, y);
    const length = norm && Math.min((TYPICAL * norm) / (typicalMomentum[i] || 1), LONGEST) * side;
    if (!(length >= 3)) return []; // also after a divergence
    const [ux, uy] = [(signX * x) / norm, (signY * y) / norm];
    const along = /** @type {[number, number]} */ ([ux, uy]);
    const isWhole = isInside([x0 + ux * length, y0 + uy * length], box);
    const visible = isWhole ? length : Math.max(roomAlong(dots[i], along, box) - 1, 0);
    if (visible < 3) return [];
    const [x1, y1] = [x0 + ux * visible, y0 + uy * visible];
    const head = Math.min(9, 0.5 * visible);
    const wing = (/** @type {number} */ s) =>
      `${x1 - head * (ux + s * 0.45 * uy)},${y1 - head * (uy - s * 0.45 * ux)}`;
    const group = createSvg("g", { class: `arrow arrow-${kind}` }, arrows);
    const d = `M${x0},${y0}L${x1},${y1}M${wing(1)}L${x1},${y1}L${wing(-1)}`;
    createSvg("path", { d }, group);
    return [{ kind, text, group, from: dots[i], along, length, visible }];
  });
  const marks = dots.map(([x, y]) => {
    return { left: x - DOT, right: x + DOT, top: y - DOT, bottom: y + DOT };
  });
  const words = [...landmarks, ...marks];
  /** @type {Box[]} */
  const taken = drawn.flatMap(({ along: [ux, uy], visible }) =>
    segmentBoxes([x0, y0], [x0 + ux * visible, y0 + uy * visible]),
  );
  for (const arrow of drawn) {
    const place = arrowLabel(arrow, drawn, words, box, data.small);
    if (!place) continue;
    words.push(place);
    taken.push(place);
    const { x, y, anchor } = place;
    const at = { x, y, "text-anchor": anchor, "dominant-baseline": "central" };
    createSvg("text", at, arrow.group).textContent = arrow.text;
  }
  return taken;
}
