/** A lesson's prediction: a mark on the distance plot, set before the curve is drawn. */
import { isHeld } from "./gesture.mjs";
import { getDrawnPlot } from "./plots.mjs";
import { currentQuery } from "./url.mjs";

const PLOT = "distance";
const numbers = new Intl.NumberFormat("en");
/** @typedef {{ lesson: string, steps: number }} Prediction */

/** @type {Prediction | null} */
let prediction = null;
/** @type {Prediction | null} the displayed one, of the open lesson */
let shown = null;
let isUserInput = false; // the page itself sets the slider when a lesson opens
let wasRevealed = true; // whether the answer was displayed

/** Return the title of the open lesson, or "". */
function openLesson() {
  /** @type {HTMLElement | null} */
  const title = document.querySelector("#lesson .lesson-title");
  return (title?.offsetParent && title.textContent) || "";
}

const isScaled = () => currentQuery().includes("axes=scaled");
const thumb = () => document.querySelector("#prediction [role=slider]");

const setSlider = (/** @type {number} */ value) =>
  window.dash_clientside.set_props("prediction", { value });

/** Find the prediction of the open lesson. */
function findShown() {
  shown = prediction?.lesson === openLesson() ? prediction : null;
}

/** @param {HTMLElement} plot */
function markOn(plot) {
  /** @type {HTMLElement | null} */
  const there = plot.querySelector(".prediction-mark");
  if (there) return there;
  const mark = document.createElement("div");
  mark.className = "prediction-mark";
  mark.setAttribute("aria-hidden", "true");
  plot.append(mark);
  return mark;
}

function placeMark() {
  const plot = getDrawnPlot(PLOT);
  if (!plot) return;
  const { xaxis, yaxis } = plot._fullLayout;
  const mark = markOn(plot);
  const made = isScaled() ? null : shown;
  mark.hidden = !made;
  if (!made) return;
  mark.style.left = `${xaxis._offset + xaxis.d2p(Math.max(made.steps, 1))}px`;
  mark.style.top = `${yaxis._offset}px`;
  mark.style.height = `${yaxis._length}px`;
}

function writeText() {
  const text = document.getElementById("prediction-said");
  if (!text) return;
  const steps = shown && `${numbers.format(shown.steps)} steps`;
  text.textContent = steps ? `Your prediction: ${steps}.` : "";
  if (steps) thumb()?.setAttribute("aria-valuetext", steps);
}

/** Restore a prediction: each response sets the slider to its middle. */
function keepSlider() {
  const now = thumb()?.getAttribute("aria-valuenow");
  if (shown && now && Math.round(Number(now)) !== shown.steps) setSlider(shown.steps);
}

/** Scroll to a lesson's answer when it appears. */
function scrollToAnswer() {
  const answer = document.getElementById("lesson-reveal");
  const isRevealed = Boolean(answer && !answer.hidden && answer.offsetParent);
  if (isRevealed && !wasRevealed) answer?.scrollIntoView({ block: "nearest" });
  wasRevealed = isRevealed;
}

/**
 * Set the prediction by a click on the plot; return false if there is no question.
 * @param {number} steps
 */
export function predict(steps) {
  const question = document.getElementById("lesson-ask");
  if (!question || question.hidden || !question.offsetParent || isScaled()) return false;
  isUserInput = true;
  setSlider(steps);
  return true;
}

/** Functions that Dash calls (app/callbacks). */
export const callbacks = {
  prediction_changed: (/** @type {number} */ steps) => {
    if (isUserInput) prediction = { lesson: openLesson(), steps: Math.round(steps) };
    findShown();
    writeText();
    placeMark();
  },
};

/**
 * Update after each response: the axes or the lesson may have changed. While a slider is held only
 * the axes can, and what is read of the page's layout stays.
 */
export function update() {
  if (isHeld()) {
    placeMark();
    return;
  }
  window.requestAnimationFrame(() => {
    findShown();
    keepSlider();
    writeText();
    placeMark();
    scrollToAnswer();
  });
}

export function start() {
  const onInput = (/** @type {Event} */ { target }) => {
    isUserInput = target instanceof Element && target.closest("#prediction") !== null;
  };
  window.addEventListener("pointerdown", onInput, true);
  window.addEventListener("keydown", onInput, true);
  window.addEventListener("resize", () => window.requestAnimationFrame(placeMark));
}
