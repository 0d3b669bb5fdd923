/**
 * Commits a gesture: one entry of the history, the whole picture, and Dash told of the screen.
 *
 * The whole picture is requested when a slider is released, where the last answer was not whole
 * already, and drawn like any other answer. Dash is told afterwards, a plot at a time, since Plotly
 * then draws the same once more; a gesture that begins in between is not kept waiting.
 *
 * @typedef {import("./controls.mjs").Answer} Answer
 */
import * as controls from "./controls.mjs";
import { figureOf, graphIds } from "./plots.mjs";
import * as timebar from "./timebar.mjs";
import { currentQuery, pushQuery, replaceQuery, withStep } from "./url.mjs";

const { queue, setDashProps } = controls;

let committedQuery = ""; // the query drawn at rest
let committedGesture = 0; // the gesture that made its entry of the history
/** @type {string | null} the query whose whole figures are on the screen */
let arrivedQuery = null;
let hasMoved = false; // whether a picture has been drawn since the page was at rest
let isCommitting = false;
let addsEntry = true; // false while Back or Forward is being answered
/** @type {Answer | null} */
let newestAnswer = null;
/** @type {ClientConfig} */
let config;
let onCommitted = () => {};

const isCalm = () => !controls.isHeld() && queue.isIdle;
const isCurrent = (/** @type {string} */ query) => isCalm() && queue.query === query;
const nextTask = () => new Promise((done) => window.setTimeout(done, 0));

/** Make an entry of the history, unless this gesture has one. @param {string} query */
function writeHistory(query) {
  if (query !== committedQuery && addsEntry && committedGesture !== controls.gestureNumber()) {
    replaceQuery(committedQuery);
    pushQuery(query);
  } else {
    replaceQuery(query);
  }
  committedQuery = query;
  committedGesture = controls.gestureNumber();
  addsEntry = true;
}

/**
 * Tell Dash what is on the screen; whether it was told before the next gesture began.
 * @param {string} query
 * @param {Answer} answer
 */
async function tellDash(query, answer) {
  for (const id of graphIds) {
    await nextTask();
    if (!isCurrent(query)) return false;
    setDashProps(id, { figure: figureOf(id) });
  }
  await nextTask();
  if (!isCurrent(query)) return false;
  controls.applyProps(answer.props);
  setDashProps("query", { data: query });
  return true;
}

/**
 * Draw the whole picture; null where it has not come.
 * @param {string} query
 * @returns {Promise<Answer | null>}
 */
async function drawWhole(query) {
  if (newestAnswer?.whole && newestAnswer.query === query) return newestAnswer;
  try {
    const answer = await controls.requestAtRest();
    if (!isCurrent(query)) return null;
    controls.drawAnswer(answer, true);
    return { ...answer, props: { ...newestAnswer?.props, ...answer.props } };
  } catch (error) {
    controls.notify(controls.failureText(/** @type {Error} */ (error)));
    return null;
  }
}

/** @param {string} query */
async function commit(query) {
  const answer = await drawWhole(query);
  const isTold = answer !== null && (await tellDash(query, answer));
  // after the newest props, which have the tab's numbers as of the drag: with fewer paths
  if (isTold || (!answer && isCurrent(query))) {
    setDashProps(`due-${controls.activeTab()}`, { data: query });
  }
  if (!isTold) return;
  timebar.setData(answer.moments);
  hasMoved = false;
  arrivedQuery = query;
  onCommitted();
}

/** Commit the newest query, if it is not committed and nothing is held or on its way. */
export async function settle() {
  const { query } = queue;
  if (isCommitting || !isCalm() || (query === committedQuery && !hasMoved)) return;
  isCommitting = true;
  hasMoved = true;
  writeHistory(query);
  try {
    await commit(query);
  } finally {
    isCommitting = false;
  }
  if (queue.query !== query) settle();
}

/** Record that an answer is on the screen. @param {Answer} answer */
export function recordAnswer(answer) {
  newestAnswer = answer;
  hasMoved = true;
}

/** Name another step in the address: the picture is the same. @param {number | null} t */
export function setStep(t) {
  const before = queue.query;
  const after = withStep(before, t, config.keysAfterStep);
  if (!queue.isIdle || after === before) return;
  queue.setQuery(after);
  replaceQuery(after);
  if (committedQuery === before) committedQuery = after;
  if (arrivedQuery === before) arrivedQuery = after;
}

/** Whether the whole figures of the address are on the screen, and Dash was told of them. */
export const isSettled = () =>
  isCalm() &&
  !hasMoved &&
  !isCommitting &&
  arrivedQuery === queue.query &&
  committedQuery === arrivedQuery;

/** Take the query that the page has opened on. @param {string} query */
export function loadPage(query) {
  committedQuery = query;
}

/** Record that the page's first figures are drawn. */
export function loadFigures() {
  arrivedQuery = committedQuery;
  onCommitted();
}

/**
 * Listen to Back and Forward.
 * @param {ClientConfig} given
 * @param {() => void} committed called when whole figures are on the screen
 */
export function start(given, committed) {
  config = given;
  onCommitted = committed;
  window.addEventListener("popstate", () => {
    addsEntry = false;
    queue.replaceQuery(currentQuery());
  });
}
