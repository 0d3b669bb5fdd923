/**
 * A lesson's prediction: a mark on the distance plot, set before the curve is drawn, and what it is
 * against the answer. The browser's tab keeps the predictions of all lessons over a reload.
 *
 * @typedef {{ asked: string, steps: number | null, scale: number }} Answer
 *   Of app/tabs/lessons/tab.py: the experiment that the question is about, "" without one; the
 *   steps to escape once they are revealed; the time axis' units a step.
 */
import { isHeld } from "./gesture.mjs";
import { getDrawnPlot } from "./plots.mjs";

const PLOT = "distance";
const STORAGE_KEY = "saddlescape-predictions";
const numbers = new Intl.NumberFormat("en");

/** @type {Record<string, number>} experiment of a question → the steps predicted */
let predictions = {};
/** @type {number | null} the displayed one, of the open lesson */
let shown = null;
/** @type {Answer} */
let answer = { asked: "", steps: null, scale: 1 };
let isUserInput = false; // the page itself sets the slider when a lesson opens
let wasRevealed = true; // whether the answer was displayed

/** Return the experiment that the open lesson asks about, or "". */
function openQuestion() {
  /** @type {HTMLElement | null} */
  const title = document.querySelector("#lesson .lesson-title");
  return title?.offsetParent ? answer.asked : "";
}

const thumb = () => document.querySelector("#prediction [role=slider]");

const setSlider = (/** @type {number} */ value) =>
  window.dash_clientside.set_props("prediction", { value });

/** Find the prediction of the open lesson. */
function findShown() {
  shown = predictions[openQuestion()] ?? null;
}

function restore() {
  try {
    const kept = JSON.parse(window.sessionStorage.getItem(STORAGE_KEY) || "{}");
    predictions = Object.fromEntries(Object.entries(kept).filter(([, v]) => Number.isFinite(v)));
  } catch {
    predictions = {}; // storage is blocked, or was written by something else
  }
}

/** Keep a prediction of the open lesson. @param {number} steps */
function keep(steps) {
  predictions[openQuestion()] = Math.round(steps);
  try {
    window.sessionStorage.setItem(STORAGE_KEY, JSON.stringify(predictions));
  } catch {
    /* storage is blocked: the page remembers it until it is closed */
  }
}

/**
 * Return what a prediction was: exact to three digits, or late or early by a factor.
 * @param {number} said
 * @param {number} truth both in steps
 */
export function verdict(said, truth) {
  if (said.toPrecision(3) === truth.toPrecision(3)) return "exactly, to three digits";
  if (said <= 0) return "too early";
  const factor = Math.max(said, truth) / Math.min(said, truth);
  let digits = factor < 1.1 || factor >= 10 ? 3 : 2;
  while (Number(factor.toPrecision(digits)) === 1) digits += 1; // never "1.00× too late"
  const format = { minimumSignificantDigits: digits, maximumSignificantDigits: digits };
  const times = new Intl.NumberFormat("en", format).format(factor);
  return `${times}× too ${said > truth ? "late" : "early"}`;
}

/** @param {import("./plots.mjs").Plot} plot */
function markOn(plot) {
  /** @type {HTMLElement | null} */
  const there = plot.querySelector(".prediction-mark");
  if (there) return there;
  const mark = document.createElement("div");
  mark.className = "prediction-mark";
  mark.setAttribute("aria-hidden", "true");
  plot.append(mark);
  plot.on("plotly_afterplot", placeMark); // other axes, or another size
  return mark;
}

function placeMark() {
  const plot = getDrawnPlot(PLOT);
  if (!plot) {
    if (shown !== null) window.requestAnimationFrame(placeMark); // a page that is still opening
    return;
  }
  const { xaxis, yaxis } = plot._fullLayout;
  const mark = markOn(plot);
  const x = shown === null ? -1 : xaxis.d2p(Math.max(shown, 1) * answer.scale);
  mark.hidden = !(x >= 0 && x <= xaxis._length);
  if (mark.hidden) return;
  mark.style.left = `${xaxis._offset + x}px`;
  mark.style.top = `${yaxis._offset}px`;
  mark.style.height = `${yaxis._length}px`;
}

function writeText() {
  const text = document.getElementById("prediction-said");
  if (!text) return;
  const said = shown === null ? "" : numbers.format(shown);
  if (shown === null) text.textContent = "";
  else if (answer.steps === null) text.textContent = `Your prediction: ${said} steps.`;
  else text.textContent = `You said ${said}: ${verdict(shown, answer.steps)}.`;
  if (said) thumb()?.setAttribute("aria-valuetext", `${said} steps`);
}

/** Restore a prediction: each response sets the slider to its middle. */
function keepSlider() {
  const now = thumb()?.getAttribute("aria-valuenow");
  if (shown !== null && now && Math.round(Number(now)) !== shown) setSlider(shown);
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
 * @param {number} x on the time axis
 */
export function predict(x) {
  const question = document.getElementById("lesson-ask");
  if (!question || question.hidden || !question.offsetParent) return false;
  isUserInput = true;
  setSlider(Math.round(Number((x / answer.scale).toPrecision(3)))); // as precise as a click
  return true;
}

/** Functions that Dash calls (app/callbacks). */
export const callbacks = {
  prediction_changed: (/** @type {number} */ steps) => {
    if (isUserInput) keep(steps);
    findShown();
    writeText();
    placeMark();
  },
  prediction_answered: (/** @type {Answer} */ given) => {
    answer = given;
    findShown();
    keepSlider();
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
  restore();
  const onInput = (/** @type {Event} */ { target }) => {
    isUserInput = target instanceof Element && target.closest("#prediction") !== null;
  };
  window.addEventListener("pointerdown", onInput, true);
  window.addEventListener("keydown", onInput, true);
}
