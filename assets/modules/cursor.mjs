/**
 * The cursor: marks one recorded step on each of Explore's plots, in a layer over Plotly's.
 *
 * It reads the figures' arrays (a trace's `meta` has its kind) and the cursor data sent with them,
 * so that it moves without a request.
 *
 * @typedef {import("./cursor_math.mjs").CursorData} CursorData
 * @typedef {import("./landscape_overlay.mjs").Overlay} Overlay
 * @typedef {import("./plots.mjs").Numbers} Numbers
 * @typedef {import("./plots.mjs").Plot} Plot
 */
import { firstIndexFrom, isInside, lastIndexWhere, nearestIndex } from "./cursor_math.mjs";
import { drawNames, lastPoint } from "./curve_names.mjs";
import {
  areaOf,
  buildLandscape,
  drawLandscape,
  followPointer,
  toPlotPixels,
} from "./landscape_overlay.mjs";
import { placeMark, symbolPath } from "./marks.mjs";
import { decodeFloats, getDrawnPlot, graphIds } from "./plots.mjs";
import { createSvg } from "./svg.mjs";

/** @type {CursorData | null} steps, and arrows along the first paths */
let data = null;
/** @type {import("./plots.mjs").Frame | null} arrays of the drag's newest frame; else null */
let frame = null;
let stepIndex = 0; // of the recorded step that is marked
let refreshDue = 0;
let isVeiled = false; // whether what comes after the marked step is drawn faint
/** @type {Record<string, Overlay | null>} graph → the parts that do not depend on the step */
const overlays = {};
/** @type {WeakSet<Plot>} */
const observed = new WeakSet();
/** @type {ClientConfig["traceKinds"]} */
let kinds;

/** @param {ClientConfig} config */
export function start(config) {
  kinds = config.traceKinds;
}

const isLandscape = (/** @type {string} */ id) => id === graphIds[0];

/** @param {any} spec a typed array in Plotly's format, or a list */
const decode = (spec) => (spec?.bdata ? decodeFloats(spec) : Float32Array.from(spec || []));

/** Return the displayed coordinates of a trace. */
function coordinates(
  /** @type {Plot} */ plot,
  /** @type {string} */ id,
  /** @type {number} */ index,
) {
  if (frame) {
    const part = frame.graphs[id];
    const at = part.traces.indexOf(index);
    if (at >= 0) return [frame.arrays[part.x[at]], frame.arrays[part.y[at]]];
  }
  const trace = plot._fullData[index];
  return [trace.x, trace.y].map((v) => (v?.bdata ? decodeFloats(v) : v || []));
}

/** Return the SVG layer over a plot. @param {Plot} plot */
function layerOver(plot) {
  const home = /** @type {Element} */ (plot.closest(".plot"));
  /** @type {SVGElement | null} */
  const layer = home.querySelector("svg.cursor");
  return layer || createSvg("svg", { class: "cursor", "aria-hidden": "true" }, home);
}

/** @param {Plot} plot @param {string} id */
function observe(plot, id) {
  if (observed.has(plot) || !plot.on) return;
  observed.add(plot);
  if (isLandscape(id)) followPointer(plot, () => overlays[id]);
  plot.on("plotly_afterplot", refresh);
  plot.on("plotly_relayout", refresh);
}

/**
 * Return each contender's curve: coordinates and style.
 * @type {(plot: Plot, id: string, data: CursorData) => any[]}
 */
function curvesOf(plot, id, { styles }) {
  const kind = isLandscape(id) ? kinds.landscapeCurve : kinds.timeCurve;
  /** @type {any[]} */
  const curves = [];
  plot._fullData.forEach(({ meta }, index) => {
    if (meta?.kind !== kind || !styles[meta.contender]) return;
    const [x, y] = coordinates(plot, id, index);
    const tag = { "data-contender": meta.contender };
    curves[meta.contender] = { x, y, tag, style: styles[meta.contender] };
  });
  return curves.filter(Boolean);
}

/**
 * Return what names on the landscape avoid.
 * @type {(plot: Plot, id: string) => import("./landmark_boxes.mjs").Landmark[]}
 */
const landmarksOf = (plot, id) =>
  plot._fullData.flatMap((trace, index) => {
    if (!kinds.landmarks.includes(trace.meta?.kind)) return [];
    const [x, y] = coordinates(plot, id, index);
    return [{ trace, x, y }];
  });

/** Build the parts that depend on the figure and not on the step. @param {string} id */
function build(id) {
  overlays[id] = null;
  const plot = getDrawnPlot(id);
  if (!plot || !data) return;
  observe(plot, id);
  const { xaxis, yaxis } = plot._fullLayout;
  const over = layerOver(plot);
  const overlay = /** @type {Overlay} */ ({
    ...{ plot, xaxis, yaxis, over },
    curves: curvesOf(plot, id, data),
  });
  overlays[id] = overlay;
  over.replaceChildren();
  if (isLandscape(id)) buildLandscape(overlay, data, landmarksOf(plot, id));
  else buildMarks(overlay, id, data.small);
}

/**
 * Return what is named in a time plot's margin: its levels, which are straight, and its curves.
 * @type {(overlay: Overlay, id: string) => import("./curve_names.mjs").Named[]}
 */
function namedParts({ plot, curves, box, xaxis, yaxis }, id) {
  const endOf = (/** @type {Numbers} */ x, /** @type {Numbers} */ y) => {
    const { k, isWhole } = lastPoint(x, y);
    /** @type {import("./cursor_math.mjs").Point} */
    const end =
      k < 0 ? [box.right, box.bottom] : [toPlotPixels(xaxis, x[k]), toPlotPixels(yaxis, y[k])];
    return { end, isLed: isWhole && isInside(end, box) };
  };
  const levels = plot._fullData.flatMap(({ meta, name, line }, index) => {
    if (meta?.kind !== kinds.timeLevel) return [];
    const [x, y] = coordinates(plot, id, index);
    const { color, dash } = line;
    return [{ name, color, text: color, dash, ...endOf(x, y) }];
  });
  const named = curves.map(({ x, y, style }, contender) => {
    return { ...style, ...endOf(x, y), contender };
  });
  return [...levels, ...named];
}

/** @type {(a: Numbers, b: Numbers) => boolean} NaN: not on the axis */
function isSame(a, b) {
  if (a.length !== b.length) return false;
  for (let k = 0; k < a.length; k += 1) if (!Object.is(a[k], b[k])) return false;
  return true;
}

/** @type {(overlay: Overlay, id: string, size: number) => void} */
function buildMarks(overlay, id, size) {
  const { curves, over } = overlay;
  overlay.box = areaOf(overlay);
  const { left, right, top, bottom } = overlay.box;
  const veil = { class: "cursor-veil", x: left, y: top, width: right - left };
  overlay.veil = createSvg("rect", { ...veil, height: bottom - top }, over);
  drawNames(over, namedParts(overlay, id), overlay.box, size);
  // On the axis t/(1−β) a step has one position per β, so there is no line.
  const isOneTime = curves.every(({ x }) => isSame(x, curves[0].x));
  const line = { class: "cursor-line", y1: top, y2: bottom };
  overlay.line = isOneTime ? createSvg("line", line, over) : null;
  overlay.marks = curves.map(({ style: { symbol, color: fill }, tag }) =>
    createSvg("path", { d: symbolPath(symbol, 4), fill, class: "cursor-mark", ...tag }, over),
  );
}

/**
 * Cover what no curve has reached yet. The veil has the size of the plot and is shifted, which
 * costs no layout; on a log axis step 0 is before the axis, and later steps may be beyond it.
 * @param {Overlay} overlay
 */
function drawVeil({ curves, box, veil, xaxis }) {
  const reached = curves.map(({ x }) => {
    const at = toPlotPixels(xaxis, x[Math.min(stepIndex, x.length - 1)]);
    return Number.isFinite(at) ? at : stepIndex ? box.right : box.left;
  });
  const from = Math.min(Math.max(box.left, ...reached), box.right);
  veil.setAttribute("visibility", isVeiled ? "visible" : "hidden");
  veil.setAttribute("x", String(from));
  veil.setAttribute("width", String(box.right - from));
}

/** @param {Overlay} overlay */
function drawMarks(overlay) {
  const { curves, box, marks, line, xaxis, yaxis } = overlay;
  drawVeil(overlay);
  const isInX = (/** @type {number} */ x) => x >= box.left - 1 && x <= box.right + 1;
  const isInY = (/** @type {number} */ y) => y >= box.top - 1 && y <= box.bottom + 1;
  const show = (/** @type {SVGElement} */ element, /** @type {boolean} */ shown) =>
    element.setAttribute("visibility", shown ? "visible" : "hidden");
  curves.forEach((curve, i) => {
    const k = Math.min(stepIndex, curve.x.length - 1);
    const x = toPlotPixels(xaxis, curve.x[k]);
    const y = toPlotPixels(yaxis, curve.y[k]);
    const shown = isInX(x) && isInY(y);
    show(marks[i], shown);
    if (shown) placeMark(marks[i], x, y);
  });
  if (!line || !curves.length) return;
  const k = Math.min(stepIndex, curves[0].x.length - 1);
  const x = toPlotPixels(xaxis, curves[0].x[k]);
  show(line, isInX(x));
  if (!isInX(x)) return;
  line.setAttribute("x1", String(x));
  line.setAttribute("x2", String(x));
}

/** Return the recorded steps, or undefined before the first data. */
export const recordedSteps = () => data?.steps;

/** Return the marked step, or null before the first data. */
export const currentStep = () =>
  data ? Math.round(data.steps[Math.min(stepIndex, data.steps.length - 1)]) : null;

/** Return the index of the recorded step nearest to step t. @param {number} t */
export const indexOfStep = (t) => (data ? nearestIndex(data.steps, t) : 0);

/** Return the index of the first recorded step at which the first contender has escaped. */
export const escapeIndex = () => (data ? firstIndexFrom(data.steps, data.race) : 0);

/**
 * Set the cursor data, and the frame of the drag to which it belongs.
 * @param {any} encoded
 * @param {import("./plots.mjs").Frame | null} newest null: the figures hold the numbers
 */
export function setData(encoded, newest) {
  frame = newest;
  const { steps, momentum, gradient } = encoded;
  const arrays = { steps: decode(steps), momentum: decode(momentum), gradient: decode(gradient) };
  data = { ...encoded, ...arrays };
}

/** Return the indices of the recorded steps at which the first paths escape, in order. */
export const escapeIndices = () => (data ? data.escapes.map(([k]) => k) : []);

/** Return the index of the last recorded step within a time axis as it is zoomed; −1 without. */
export const lastShownIndex = () =>
  Object.entries(overlays).reduce((last, [id, overlay]) => {
    if (!overlay || isLandscape(id)) return last;
    const { curves, xaxis, box } = overlay;
    const isShown = (/** @type {number} */ t) => toPlotPixels(xaxis, t) <= box.right + 1;
    return Math.max(last, ...curves.map(({ x }) => lastIndexWhere(x, isShown)));
  }, -1);

/**
 * Set the index of the marked step, and whether what comes after it is drawn faint; `draw` or
 * `refresh` draws it.
 * @type {(index: number, veiled: boolean) => void}
 */
export function moveTo(index, veiled) {
  stepIndex = index;
  isVeiled = veiled;
}

/**
 * Return what happens at recorded step k, or "".
 * @type {(k: number, data: CursorData) => string}
 */
function eventAt(k, { said, escapes }) {
  if (k === escapeIndex()) return said;
  return escapes.find(([at]) => at === k)?.[1] ?? "";
}

/** Mark the step on the plots. */
export function draw() {
  for (const id of graphIds) {
    const overlay = overlays[id];
    if (!overlay || !data) continue;
    if (!isLandscape(id)) {
      drawMarks(overlay);
      continue;
    }
    const k = Math.min(stepIndex, data.steps.length - 1);
    drawLandscape(overlay, data, k, eventAt(k, data));
  }
}

/** Rebuild the overlays of changed figures. */
export function redraw() {
  window.cancelAnimationFrame(refreshDue);
  refreshDue = 0;
  if (!data) return;
  graphIds.forEach(build);
  draw();
}

/** Rebuild the overlays of changed figures, once per animation frame. */
export function refresh() {
  if (!refreshDue) refreshDue = window.requestAnimationFrame(redraw);
}
