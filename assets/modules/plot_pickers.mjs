/**
 * Selection by click, drag or key on a plot: the start (landscape), the step (time plots), β
 * (Choose β), a cell (Sweep).
 *
 * @typedef {import("./plots.mjs").Plot} Plot
 */
import { queue } from "./controls.mjs";
import { getDrawnPlot, graphIds, pointerIn } from "./plots.mjs";
import { predict } from "./prediction.mjs";
import { snap } from "./slider_steps.mjs";
import { goToStep } from "./timebar.mjs";

const CLICK_RADIUS = 4; // px, largest movement of a click
/** @type {Record<string, [number, number]>} key → rows and columns by which it moves */
const CELL_MOVES = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowDown: [-1, 0],
  ArrowUp: [1, 0],
  Home: [0, -Infinity],
  End: [0, Infinity],
};

/** @type {ClientConfig} */
let config;
/**
 * @type {{ id: string, plot: Plot, point: number[] | null, event: PointerEvent, top: number }
 *   | null}
 */
let pressed = null; // pointer down on a plot, the point under it, and the plot's upper edge in px
/** @type {Plot | null} */
let betaPlot = null; // the plot of Choose β on which the pointer is down
/** @type {[number, number] | null} */
let cell = null; // row and column of the framed cell

const clamp = (/** @type {number} */ v, /** @type {number} */ low, /** @type {number} */ high) =>
  Math.min(Math.max(v, low), high);

/**
 * Return the plot under the pointer, or null.
 * @type {(event: Event, ids: string[]) => { id: string, plot: Plot } | null}
 */
function plotAt({ target }, ids) {
  if (!(target instanceof Element) || target.closest(".modebar")) return null;
  const id = ids.find((each) => target.closest(`#${each}`));
  const plot = id && getDrawnPlot(id);
  return id && plot ? { id, plot } : null;
}

/**
 * Set β at the pointer; the axis is in log₁₀ 1/(1−β), as the positions of the β slider.
 * @type {(plot: Plot, event: MouseEvent) => void}
 */
function pickBeta(plot, event) {
  const { xaxis } = plot._fullLayout;
  const [x] = pointerIn(plot, event);
  const position = xaxis.p2l(clamp(x, 0, xaxis._length));
  const tolerance = Math.max((xaxis.p2l(1) - xaxis.p2l(0)) / 2, config.sliders.beta.step / 2);
  queue.push("beta", snap(config.sliders.beta, position, tolerance));
}

/** A finger first tells a tap or a drag from a scroll. @param {PointerEvent} event */
const isMouse = ({ pointerType }) => pointerType === "mouse";

/** @param {PointerEvent} event */
function onPointerDown(event) {
  pressed = null;
  betaPlot = null;
  if (event.button !== 0) return;
  betaPlot = plotAt(event, config.betaGraphs)?.plot || null;
  if (betaPlot && isMouse(event)) pickBeta(betaPlot, event);
  const at = plotAt(event, [...graphIds, ...config.betaGraphs, ...config.sweepGraphs]);
  if (!at) return;
  const { top } = at.plot.getBoundingClientRect();
  pressed = { ...at, point: pointAt(at.plot, event), event, top };
}

/** Drag β. @param {PointerEvent} event */
function onPointerMove(event) {
  if (!betaPlot || !pressed) return;
  const { clientX, clientY } = pressed.event;
  const [along, across] = [clientX - event.clientX, clientY - event.clientY].map(Math.abs);
  if (isMouse(event) || (along > CLICK_RADIUS && along > across)) pickBeta(betaPlot, event);
}

/** End a click or drag; Plotly covers the page meanwhile, so the target is any element. */
function onPointerUp(/** @type {PointerEvent} */ event) {
  betaPlot = null;
  if (isMouse(event)) pick(event);
}

/** Take a tap: browsers report no click where a finger scrolls, or stops a page that scrolls. */
function onClick(/** @type {MouseEvent} */ event) {
  if (pressed) pick(event);
}

function onPointerCancel() {
  betaPlot = null;
  pressed = null;
}

/** Act on the press that ends here, unless pointer or page have moved. @param {MouseEvent} event */
function pick(event) {
  if (!pressed) return;
  const { id, plot, point, event: down, top } = pressed;
  pressed = null;
  const moved = Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY);
  const scrolled = Math.abs(plot.getBoundingClientRect().top - top);
  if (Math.max(moved, scrolled) > CLICK_RADIUS) return;
  if (config.betaGraphs.includes(id)) pickBeta(plot, event);
  else if (config.sweepGraphs.includes(id)) openCell(point);
  else if (id !== graphIds[0]) pickStep(id, plot, event);
  else if (point) queue.push("w0", point);
}

/**
 * Return the coordinates under the pointer, or null outside the axes.
 * @type {(plot: Plot, event: MouseEvent) => number[] | null}
 */
function pointAt(plot, event) {
  const { xaxis, yaxis } = plot._fullLayout;
  const [x, y] = pointerIn(plot, event);
  const isOnMap = x >= 0 && x <= xaxis._length && y >= 0 && y <= yaxis._length;
  return isOnMap ? [xaxis.p2d(x), yaxis.p2d(y)] : null;
}

/** Set the cursor, or a lesson's prediction, by a click on a time plot. */
function pickStep(
  /** @type {string} */ id,
  /** @type {Plot} */ plot,
  /** @type {MouseEvent} */ event,
) {
  const { xaxis } = plot._fullLayout;
  const [x] = pointerIn(plot, event);
  if (x < 0 || x > xaxis._length) return;
  if (id === "distance" && predict(xaxis.p2d(x))) return;
  goToStep(xaxis.p2d(x));
}

/** @returns {Plot[]} the drawn maps of the Sweep tab */
const sweepMaps = () => config.sweepGraphs.flatMap((id) => getDrawnPlot(id) || []);

/** @returns {string[][]} the text of each cell, rows from below */
const cellTexts = () =>
  sweepMaps()
    .flatMap(({ data }) => data)
    .find(({ type }) => type === "heatmap")?.text || [];

/** @param {Plot} plot */
function frameOn(plot) {
  const home = /** @type {Element} */ (plot.closest(".plot"));
  /** @type {HTMLElement | null} */
  const there = home.querySelector(".sweep-frame");
  if (there) return there;
  const frame = document.createElement("div");
  frame.className = "sweep-frame";
  home.append(frame);
  plot.on("plotly_afterplot", placeFrames); // filled, zoomed or resized
  return frame;
}

/** Frame the cell on all maps. */
function placeFrames() {
  for (const plot of sweepMaps()) {
    const frame = frameOn(plot);
    frame.hidden = cell === null;
    if (cell === null) continue;
    const { xaxis, yaxis } = plot._fullLayout;
    const edges = (/** @type {import("./plots.mjs").Axis} */ axis, /** @type {number} */ at) =>
      [at - 0.5, at + 0.5].map((value) => axis._offset + axis.d2p(value));
    const [left, right] = edges(xaxis, cell[1]);
    const [bottom, top] = edges(yaxis, cell[0]);
    Object.assign(frame.style, {
      left: `${left}px`,
      top: `${top}px`,
      width: `${right - left}px`,
      height: `${bottom - top}px`,
    });
  }
}

/** Write the framed cell's text into the live region. */
function announceCell() {
  const said = document.getElementById("sweep-cell");
  const text = cell === null ? "" : cellTexts()[cell[0]][cell[1]];
  if (said) said.textContent = text.replaceAll("<br>", "; ").replace(/<[^>]*>/g, "");
}

/** Open the cell under a clicked point of a map in Explore. @param {number[] | null} point */
function openCell(point) {
  if (!point || !cellTexts().length) return;
  queue.push("open", [Math.round(point[1]), Math.round(point[0])]);
}

/** @param {[number, number]} by rows and columns */
function moveCell([up, along]) {
  const texts = cellTexts();
  if (!texts.length) return;
  const rows = texts.length;
  const columns = texts[0].length;
  const [row, column] = cell || [(rows >> 1) - up, (columns >> 1) - along];
  cell = [clamp(row + up, 0, rows - 1), clamp(column + along, 0, columns - 1)];
  placeFrames();
  announceCell();
}

const isOnMaps = (/** @type {Event} */ { target }) =>
  target instanceof Element && target.matches("#sweep-keys");

/** @param {KeyboardEvent} event */
function onKeyDown(event) {
  if (!isOnMaps(event)) return;
  const move = CELL_MOVES[event.key];
  if (move) moveCell(move);
  else if ((event.key === "Enter" || event.key === " ") && cell) queue.push("open", cell);
  else return;
  event.preventDefault();
}

/** @param {FocusEvent} event */
function onFocusOut(event) {
  if (!isOnMaps(event)) return;
  cell = null;
  placeFrames();
  announceCell();
}

/** @param {ClientConfig} given */
export function start(given) {
  config = given;
  window.addEventListener("pointerdown", onPointerDown, true);
  window.addEventListener("pointerup", onPointerUp, true);
  window.addEventListener("click", onClick, true);
  window.addEventListener("pointermove", onPointerMove, true);
  window.addEventListener("pointercancel", onPointerCancel, true);
  document.addEventListener("keydown", onKeyDown);
  document.addEventListener("focusout", onFocusOut);
}
