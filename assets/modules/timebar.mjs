/**
 * The time bar: play, pause, step, scrub, speed. One frame is one recorded step; recorded steps are
 * dense at the start and uniform later. It makes no request.
 */
import * as cursor from "./cursor.mjs";
import { scaleNumbers } from "./cursor_math.mjs";
import { isHeld } from "./gesture.mjs";
import { getDrawnPlot, graphIds } from "./plots.mjs";
import { button, create, icon } from "./time_buttons.mjs";
import { currentQuery, stepOf } from "./url.mjs";
import { watchZooms } from "./zoom.mjs";

const RATE = 60; // recorded steps a second at 1×
const SPEEDS = [0.25, 0.5, 1, 2, 4];
const LONGEST_FRAME = 100; // ms: after a pause of the browser the bar goes on from where it was

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

/**
 * Set the index without drawing the cursor.
 * @param {number} to
 * @param {boolean} veiled whether what comes later is faint; not in the picture that opens the page
 */
function moveTo(to, veiled = true) {
  index = Math.min(Math.max(to, 0), lastIndex());
  cursor.moveTo(index, veiled);
  showStep();
}

/** @type {(to: number, veiled?: boolean) => void} */
function place(to, veiled = true) {
  moveTo(to, veiled);
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

/** Return the speed of playback, and whether it stops at each escape. @param {Parts} parts */
function playback({ speed }) {
  const [rate, stops] = speed.value.split(" ");
  return { rate: Number(rate), isStopping: Boolean(stops) };
}

/** Return whether the bar is out of sight: in a hidden tab, or under a dialog (no scrolling). */
const isCovered = () => document.hidden || document.body.hasAttribute("data-scroll-locked");

/** Return the index at which playback ends: the last recorded step that the plots show. */
function endIndex() {
  const shown = cursor.lastShownIndex();
  return shown < 0 ? lastIndex() : shown;
}

/** @param {number} now */
function tick(now) {
  if (!isPlaying || !parts) return;
  if (isCovered()) {
    lastFrameTime = now; // it goes on from where it was
    window.requestAnimationFrame(tick);
    return;
  }
  const { rate, isStopping } = playback(parts);
  // The first frame may have begun before the click.
  const elapsed = Math.min(Math.max(now - lastFrameTime, 0), LONGEST_FRAME);
  carry += (elapsed / 1000) * RATE * rate;
  lastFrameTime = now;
  const whole = Math.floor(carry);
  const stop = (isStopping && nextEscape()) || endIndex();
  const isAtStop = index + whole >= stop;
  if (whole) {
    carry -= whole;
    place(isAtStop ? stop : index + whole);
    chosenStep = stepNow(); // a drag during playback keeps the step
  }
  if (isAtStop) pause();
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
  if (chosenStep === null || index >= endIndex()) place(0); // the opening picture is its end
  chosenStep = stepNow();
  isPlaying = true;
  carry = 0;
  lastFrameTime = window.performance.now();
  showPlaying();
  window.requestAnimationFrame(tick);
}

const togglePlayback = () => (isPlaying ? pause() : play());

/** Return the index of the next recorded step at which a path escapes, or undefined. */
const nextEscape = () => cursor.escapeIndices().find((k) => k > index);

/** Go to the next escape; after the last, to the first: the picture that opens the page. */
function goToNextEscape() {
  pause();
  const next = nextEscape();
  if (next !== undefined) {
    goTo(next);
    return;
  }
  chosenStep = null;
  place(cursor.escapeIndex(), false);
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
  const stopping = create("optgroup", { label: "Stopping at each escape" });
  for (const value of SPEEDS) {
    speed.append(create("option", { value }, `${value}×`));
    stopping.append(create("option", { value: `${value} stop` }, `${value}× ⚑`));
  }
  speed.append(stopping);
  speed.value = "1";
  const step = create("b", {}, "0");
  parts = { range, scale, speed, step, play: button("play", "Play", "space", togglePlayback) };
  home.append(
    button("start", "To the start", "Home", () => goTo(0)),
    button("back", "One recorded step back", ",", () => goTo(index - 1)),
    parts.play,
    button("forward", "One recorded step on", ".", () => goTo(index + 1)),
    button("race", "To the next escape", "f", goToNextEscape),
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
  const isOpening = chosenStep === null;
  moveTo(isOpening ? cursor.escapeIndex() : cursor.indexOfStep(chosenStep ?? 0), !isOpening);
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
  if (drawn) watchZooms();
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
