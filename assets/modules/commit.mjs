/**
 * Commits a gesture: adds one history entry, draws all paths, and updates Dash's props.
 *
 * When a slider is released, the full figures are requested unless the last response had them. Dash
 * draws those that are not displayed yet, together. Then the others' props are set, one plot at a
 * time, as Plotly draws their figures again; a gesture that begins in the meantime is not delayed.
 *
 * @typedef {import("./controls.mjs").Answer} Answer
 */
import * as controls from "./controls.mjs";
import { gestureNumber, isHeld } from "./gesture.mjs";
import { figureOf, forgetRanges, graphIds, isUndrawn, recordDrawn } from "./plots.mjs";
import * as timebar from "./timebar.mjs";
import { cancelQuery, currentQuery, pushQuery, replaceQuery, withStep } from "./url.mjs";

const { queue, setDashProps } = controls;

let committedQuery = ""; // the committed query
let committedGesture = 0; // the gesture that added its history entry
/** @type {string | null} the query whose full figures are displayed */
let arrivedQuery = null;
let hasMoved = false; // whether figures were drawn since the last commit
let isCommitting = false;
let addsEntry = true; // false during a request of Back or Forward
/** @type {Answer | null} */
let newestAnswer = null;
/** @type {ClientConfig} */
let config;
let onCommitted = () => {};

const isCalm = () => !isHeld() && queue.isIdle;
const isCurrent = (/** @type {string} */ query) => isCalm() && queue.query === query;
/** Return whether `settle`, called next, sets Dash's figures. @param {Answer} answer */
export const commitsNow = (answer) => answer.whole && isCalm() && !isCommitting;
const nextTask = () => new Promise((done) => window.setTimeout(done, 0));

/** Add a history entry, unless this gesture has one. @param {string} query */
function writeHistory(query) {
  const isNew = query !== committedQuery;
  if (isNew && addsEntry && committedGesture !== gestureNumber()) {
    replaceQuery(committedQuery);
    pushQuery(query);
  } else {
    replaceQuery(query);
  }
  committedQuery = query;
  if (isNew) committedGesture = gestureNumber(); // a refused text is not the gesture's entry
  addsEntry = true;
}

/** Set Dash's prop to the newest figure of a graph: Plotly draws it. @param {string} id */
function setFigure(id) {
  forgetRanges(id);
  setDashProps(id, { figure: figureOf(id) });
  recordDrawn(id);
}

/**
 * Set Dash's props to the displayed ones; return whether this ended before the next gesture.
 * Figures that are not displayed yet are one picture.
 * @param {string} query
 * @param {Answer} answer
 */
async function tellDash(query, answer) {
  const displayed = graphIds.filter((id) => !isUndrawn(id));
  graphIds.filter(isUndrawn).forEach(setFigure);
  for (const id of displayed) {
    await nextTask();
    if (!isCurrent(query)) return false;
    setFigure(id);
  }
  await nextTask();
  if (!isCurrent(query)) return false;
  controls.applyProps(answer.props);
  setDashProps("query", { data: query });
  return true;
}

/**
 * Draw the full figures; return null if the request failed.
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
  // after the newest props, whose numbers on the tab are of the drag: with fewer paths
  if (isTold || (!answer && isCurrent(query))) {
    setDashProps(`due-${controls.activeTab()}`, { data: query });
  }
  if (!isTold) return;
  timebar.setData(answer.moments);
  hasMoved = false;
  arrivedQuery = query;
  onCommitted();
}

/** Commit the newest query, unless it is committed, a slider is held or a request pending. */
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

/** Record a response that is to be displayed. @param {Answer} answer */
export function recordAnswer(answer) {
  newestAnswer = answer;
  hasMoved = true;
}

/** Set the step in the URL; the figures stay the same. @param {number | null} t */
export function setStep(t) {
  const before = queue.query;
  const after = withStep(before, t, config.keysAfterStep);
  if (!queue.isIdle || after === before) return;
  queue.setQuery(after);
  replaceQuery(after);
  if (committedQuery === before) committedQuery = after;
  if (arrivedQuery === before) arrivedQuery = after;
}

/** Return whether the full figures of the URL are displayed and Dash's props are set. */
export const isSettled = () =>
  isCalm() &&
  !hasMoved &&
  !isCommitting &&
  arrivedQuery === queue.query &&
  committedQuery === arrivedQuery;

/** Set the query with which the page was opened. @param {string} query */
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
 * @param {() => void} committed called when the full figures are displayed
 */
export function start(given, committed) {
  config = given;
  onCommitted = committed;
  window.addEventListener("popstate", () => {
    addsEntry = false;
    controls.cancelDraw(); // what waits is of the query that was left
    cancelQuery();
    queue.replaceQuery(currentQuery());
  });
}
