/**
 * The time bar: play, pause, step, scrub, speed. One frame is one recorded step; recorded steps are
 * dense at the start and uniform later. It makes no request.
 */
import * as cursor from "./cursor.mjs";
import { scaleNumbers } from "./cursor_math.mjs";
import { isHeld } from "./gesture.mjs";
import { getDrawnPlot, graphIds } from "./plots.mjs";
import { currentQuery, stepOf } from "./url.mjs";

const RATE = 60; // recorded steps a second at 1×
const SPEEDS = [0.25, 0.5, 1, 2, 4];
const SVG = "http://www.w3.org/2000/svg";
const ICONS = {
  start: "M3 3h2v10H3zM13 3v10L6 8z",
  back: "M11 3v10L4 8zM12 3h1.5v10H12z",
  play: "M4 2.5v11l9-5.5z",
  pause: "M4 3h3v10H4zM9 3h3v10H9z",
  forward: "M5 3v10l7-5zM2.5 3H4v10H2.5z",
  race: "M4 2h1.5v12H4zM6 2.5h7l-2 3 2 3H6z",
};

/** @typedef {{ range: HTMLInputElement, scale: HTMLElement, speed: HTMLSelectElement,
 *   step: HTMLElement, play: HTMLButtonElement }} Parts */

/** @type {number | null} the step in the URL; null: the first escape */
let chosenStep = null;
let index = 0;
let isPlaying = false;
let lastFrameTime = 0;
let barWidth = 0; // px
let digitWidth = 0; // px
let carry = 0; // fraction of a recorded step carried to the next frame
/** @type {Parts | null} */
let parts = null;
/** @type {(t: number | null) => void} */
let reportStep = () => {};

/**
 * Create an element.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string | number>} [attributes]
 * @param {(Node | string)[]} children
 */
function create(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.append(...children);
  return element;
}

/** @param {keyof typeof ICONS} name */
function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** @type {(name: keyof typeof ICONS, label: string, act: () => void) => HTMLButtonElement} */
function button(name, label, act) {
  const named = { class: `time-button time-${name}`, "aria-label": label, title: label };
  const made = create("button", { type: "button", ...named }, icon(name));
  made.addEventListener("click", act);
  return made;
}

const lastIndex = () => (cursor.recordedSteps()?.length ?? 1) - 1;
const stepNow = () => Math.round(cursor.recordedSteps()?.[index] ?? 0);

function showStep() {
  if (!parts || !cursor.recordedSteps()) return;
  const text = stepNow().toLocaleString("en");
  parts.range.max = String(lastIndex());
  parts.range.value = String(index);
  parts.range.setAttribute("aria-valuetext", `step ${text}`);
  parts.step.textContent = text;
  parts.range.style.setProperty("--done", `${(100 * index) / Math.max(lastIndex(), 1)}%`);
}

/** Measure the bar, except while a slider is held: it keeps its size then. @param {Parts} parts */
function measureBar({ range, scale }) {
  if (isHeld() && barWidth) return;
  barWidth = range.clientWidth;
  digitWidth = 0.6 * parseFloat(window.getComputedStyle(scale).fontSize); // about
}

/** Write the labels of the bar, if they or the bar's width have changed. */
function layOutScale() {
  const steps = cursor.recordedSteps();
  if (!parts || !steps) return;
  measureBar(parts);
  const [width, digit] = [barWidth, digitWidth];
  const key = `${steps[steps.length - 1]} ${steps.length} ${width} ${digit}`;
  if (key === parts.scale.dataset.key) return;
  parts.scale.dataset.key = key;
  const numbers = scaleNumbers(steps, width, digit).map(([at, text]) => {
    const number = create("span", {}, text);
    number.style.setProperty("--at", String(at));
    return number;
  });
  parts.scale.replaceChildren(...numbers);
}

/** Set the index without drawing the cursor. @param {number} to */
function moveTo(to) {
  index = Math.min(Math.max(to, 0), lastIndex());
  cursor.moveTo(index);
  showStep();
}

/** @param {number} to */
function place(to) {
  moveTo(to);
  cursor.draw();
}

/** Write the cursor's step into the URL once it rests. */
function reportChosen() {
  chosenStep = stepNow();
  reportStep(chosenStep);
}

/** Pause, and set the cursor to a recorded step. @param {number} to its index */
function goTo(to) {
  pause();
  place(to);
  reportChosen();
}

/** Pause, and set the cursor to the recorded step nearest to step t. @param {number} t */
export const goToStep = (t) => goTo(cursor.indexOfStep(t));

/** @param {number} now */
function tick(now) {
  if (!isPlaying || !parts) return;
  carry += ((now - lastFrameTime) / 1000) * RATE * Number(parts.speed.value);
  lastFrameTime = now;
  const whole = Math.floor(carry);
  if (whole) {
    carry -= whole;
    place(index + whole);
    chosenStep = stepNow(); // a drag during playback keeps the step
  }
  if (index >= lastIndex()) pause();
  else window.requestAnimationFrame(tick);
}

function showPlaying() {
  const label = isPlaying ? "Pause" : "Play";
  parts?.play.replaceChildren(icon(isPlaying ? "pause" : "play"));
  parts?.play.setAttribute("aria-label", label);
  parts?.play.setAttribute("title", `${label} (space)`);
}

function pause() {
  if (!isPlaying) return;
  isPlaying = false;
  showPlaying();
  reportChosen();
}

function play() {
  if (!cursor.recordedSteps() || isPlaying) return;
  if (index >= lastIndex()) place(0);
  isPlaying = true;
  carry = 0;
  lastFrameTime = window.performance.now();
  showPlaying();
  window.requestAnimationFrame(tick);
}

const togglePlayback = () => (isPlaying ? pause() : play());

function goToFirstEscape() {
  pause();
  chosenStep = null;
  place(cursor.escapeIndex());
  reportStep(null);
}

/** Build the bar if it is missing; return whether it exists. */
function build() {
  const home = document.getElementById("time-bar");
  if (!home || home.firstChild) return Boolean(home);
  const title = "Recorded steps: close together at the beginning, evenly spaced later";
  const named = { class: "time-range", "aria-label": "Time", title };
  const range = create("input", { type: "range", min: 0, max: 1, step: 1, value: 0, ...named });
  const scale = create("div", { class: "time-scale", "aria-hidden": "true" });
  range.addEventListener("input", () => {
    pause();
    place(Number(range.value));
  });
  range.addEventListener("change", reportChosen);
  const speed = create("select", { class: "time-speed", "aria-label": "Speed", title: "Speed" });
  for (const value of SPEEDS) speed.append(create("option", { value }, `${value}×`));
  speed.value = "1";
  const step = create("b", {}, "0");
  parts = { range, scale, speed, step, play: button("play", "Play", togglePlayback) };
  home.append(
    button("start", "To the start", () => goTo(0)),
    button("back", "One recorded step back", () => goTo(index - 1)),
    parts.play,
    button("forward", "One recorded step on", () => goTo(index + 1)),
    button("race", "To the first escape", goToFirstEscape),
    create("div", { class: "time-track" }, range, scale),
    create("span", { class: "time-said" }, "step ", step),
    speed,
  );
  showPlaying();
  return true;
}

function update() {
  if (!cursor.recordedSteps()) return;
  layOutScale();
  moveTo(chosenStep === null ? cursor.escapeIndex() : cursor.indexOfStep(chosenStep));
  cursor.refresh();
}

/**
 * Set the cursor data, from the page or from a drag.
 * @param {any} data
 * @param {import("./plots.mjs").Frame | null} [frame] the drag's newest arrays
 */
export function setData(data, frame = null) {
  if (!build()) return;
  cursor.setData(data, frame);
  update();
}

/** Play or pause by Space while no other control has the focus. @param {KeyboardEvent} event */
function onKeyDown(event) {
  const { target } = event;
  if (event.key !== " " || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!(target instanceof Element) || !parts?.range.offsetParent) return;
  const isInBar = target.closest("#time-bar") && !["BUTTON", "SELECT"].includes(target.tagName);
  if (target !== document.body && !isInBar) return;
  event.preventDefault();
  togglePlayback();
}

/** Poll for the plots until Plotly, loaded after the page, has drawn them. */
function awaitPlots() {
  const drawn = graphIds.every(getDrawnPlot);
  if (drawn && cursor.recordedSteps() && build()) update();
  else window.requestAnimationFrame(awaitPlots);
}

/**
 * Listen to keys and to the history.
 * @param {(t: number | null) => void} onStep called with the step for the URL
 */
export function start(onStep) {
  reportStep = onStep;
  chosenStep = stepOf(currentQuery());
  window.addEventListener("popstate", () => {
    chosenStep = stepOf(currentQuery());
    update();
  });
  window.addEventListener("resize", () => {
    barWidth = 0; // to be measured
    layOutScale();
    cursor.refresh();
  });
  document.addEventListener("keydown", onKeyDown);
  awaitPlots();
}
