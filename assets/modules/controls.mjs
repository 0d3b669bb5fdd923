/**
 * The controls: a changed control adds an edit to the request queue, and the server's response is
 * displayed: at once, or while a slider is held in the next animation frame. When a slider is
 * released, commit.mjs updates the figures, the URL and Dash's props.
 *
 * @typedef {import("./dom_patch.mjs").Props} Props
 * @typedef {{ query: string, look: string, whole: boolean, looks: Record<string, string>,
 *   moments: any, frame: import("./plots.mjs").EncodedFrame, figures: Record<string, any>,
 *   props: Record<string, Props> }} Answer of GET /live
 */
import { decodeAnswer } from "./answer_body.mjs";
import * as cursor from "./cursor.mjs";
import { patchProps } from "./dom_patch.mjs";
import { fetchPatiently } from "./fetch_patiently.mjs";
import { FrameScheduler } from "./frame_scheduler.mjs";
import { beginGesture, heldId, isHeld, start as startGesture } from "./gesture.mjs";
import * as plots from "./plots.mjs";
import { RequestQueue } from "./request_queue.mjs";
import { measuredWindow } from "./request_window.mjs";
import { moveTraces } from "./svg_fast_path.mjs";
import * as timebar from "./timebar.mjs";
import * as typing from "./typing.mjs";
import { flushQuery, replaceQuery, replaceQuerySoon } from "./url.mjs";
import { forgetZooms } from "./zoom.mjs";

/** Components whose text follows the slider that is held. */
const TEXT_IDS = /^(chip-\d+|reading|race)$/;
/** Components whose Dash props are set even while a slider is held. */
const IMMEDIATE_IDS = /^(notice|notice-text|reading|race|chip-\d+|(row|why)-.+)$/;

/** Edits after which a zoom means nothing. */
const OTHER_EXPERIMENT = ["landscape", "preset", "lesson"];

/** @type {Record<string, Props>} component → its displayed props, so that only changes are set */
const shownProps = {};
/** @type {Set<string>} components with displayed text that Dash's props do not have */
const patchedIds = new Set();
/** @type {import("./request_window.mjs").RequestWindow | undefined} made at the first request */
let sendWindow;
/** @type {ClientConfig} */
let config;
/** @type {ThemeStore} */
let theme;
/**
 * @type {{ settled: () => void, answered: (answer: Answer) => void, drawn: () => void,
 *   commitsNow: (answer: Answer) => boolean }}
 */
let listeners;

const requestWindow = () => {
  sendWindow ??= measuredWindow(`${config.prefix}healthz`);
  return sendWindow;
};

export const queue = new RequestQueue({
  most: () => (isHeld() ? requestWindow().size : 1),
  send: (query, edits) => requestLive(query, edits, isHeld() ? { as: "binary" } : { hand: "off" }),
  received: plots.receive,
  show: showAnswer,
  failed: (error) => notify(failureText(error)),
  settled: () => listeners.settled(),
});

/** @param {Error} error */
export const failureText = ({ message }) =>
  `The server does not answer (${message}); the last picture stays.`;

/** @type {(query: string, edits: object, more: Record<string, string>) => Promise<Answer>} */
async function requestLive(query, edits, more) {
  const parts = {
    q: query,
    look: theme.preferred(),
    have: plots.drawnFingerprints(),
    edits: JSON.stringify(edits),
    ...more,
  };
  const began = performance.now();
  const response = await fetchPatiently(`${config.prefix}live?${new URLSearchParams(parts)}`);
  requestWindow().record(performance.now() - began);
  if (!response.ok) throw new Error(await response.text());
  return decodeAnswer(response);
}

/** Request the full figures of a query: all paths, all arrows. */
export const requestAtRest = () => requestLive(queue.query, {}, { rest: "1" });

/** @type {(id: string, props: Props) => void} */
export const setDashProps = (id, props) => window.dash_clientside.set_props(id, props);

/** Return the edit key of a control. */
export const keyOf = (/** @type {string} */ id) => id.replace(/^(slider|field)-/, "");
const isSlider = (/** @type {string} */ id) => id.startsWith("slider-");
const isField = (/** @type {string} */ id) => id.startsWith("field-");

/**
 * Give a slider's thumb its field's text for screen readers.
 * @type {(id: string, field: Props) => void}
 */
function describeSlider(id, field) {
  const thumb = document.querySelector(`#slider-${keyOf(id)} [role=slider]`);
  thumb?.setAttribute("aria-valuetext", field.value || field.placeholder || "");
}

function describeSliders() {
  const fields = Object.keys(shownProps).filter(isField);
  for (const id of fields) describeSlider(id, shownProps[id]);
}

/** @param {string} id */
export const shownValue = (id) => shownProps[id]?.value;

/** Record the value that a control shows. @type {(id: string, value: any) => void} */
export function recordValue(id, value) {
  shownProps[id] = { ...shownProps[id], value };
}

/** @type {(id: string, props: Props) => boolean} */
const differs = (id, props) =>
  Object.keys(props).some(
    (name) => JSON.stringify(shownProps[id]?.[name]) !== JSON.stringify(props[name]),
  );

/**
 * Write the last text set through React: React updates only changed props, so that setting the
 * same text again would not replace text written past it.
 * @type {(id: string, props: Props) => void}
 */
function restore(id, props) {
  const element = document.getElementById(id);
  if (!element || patchProps(element, { ...shownProps[id], ...props })) return;
  patchProps(element, shownProps[id]);
}

/**
 * Set the Dash props of components, if they changed.
 * @param {Record<string, Props>} all
 * @param {(key: string) => boolean} [isPending]
 */
export function applyProps(all, isPending = () => false) {
  for (const [id, given] of Object.entries(all)) {
    const props = typing.withoutTyped(id, given);
    // A slider that is held, or was moved since, keeps its value.
    if (isSlider(id) && (id === heldId() || isPending(keyOf(id)))) continue;
    if (patchedIds.delete(id)) restore(id, props);
    if (!differs(id, props)) continue;
    shownProps[id] = { ...shownProps[id], ...props };
    setDashProps(id, props);
    if (isField(id)) describeSlider(id, shownProps[id]);
  }
}

/**
 * Update components during a drag: text is written into the DOM, as setting one Dash prop takes
 * longer than drawing all four plots. Dash props of the rest are set on commit.
 * @param {Record<string, Props>} all
 * @param {(key: string) => boolean} isPending
 */
function patchOrApply(all, isPending) {
  /** @type {Record<string, Props>} */
  const forDash = {};
  for (const [id, props] of Object.entries(all)) {
    const element = document.getElementById(id);
    const besideSlider = isField(id) && Boolean(shownProps[`slider-${keyOf(id)}`]);
    const marksError = isField(id) && (props.error || "") !== (shownProps[id]?.error || "");
    const isPatched =
      element !== null &&
      (besideSlider || TEXT_IDS.test(id)) &&
      !marksError &&
      patchProps(element, props);
    if (isPatched) patchedIds.add(id);
    if (isPatched && besideSlider) describeSlider(id, props);
    if (isPatched) continue;
    if ("figure" in props || marksError || IMMEDIATE_IDS.test(id)) forDash[id] = props;
  }
  applyProps(forDash, isPending);
}

/** Show a notice; hide it if the text is empty. @param {string} text */
export function notify(text) {
  applyProps({ "notice-text": { children: text }, notice: { hidden: !text } });
}

/**
 * Draw the plots of a response, and update the cursor.
 * @param {Answer} answer
 * @param {boolean} [skipWhole] whether full figures are left to be drawn by Dash
 */
export function drawAnswer(answer, skipWhole = false) {
  timebar.setData(answer.moments, plots.drawAnswer(answer, moveTraces, skipWhole));
  cursor.redraw();
}

/**
 * Draws the newest response: plots, cursor and text in one animation frame.
 * @type {FrameScheduler<{ answer: Answer, isPending: (key: string) => boolean,
 *   skipWhole: boolean }>}
 */
const picture = new FrameScheduler(({ answer, isPending, skipWhole }) => {
  drawAnswer(answer, skipWhole);
  theme.apply(answer.look);
  patchOrApply(answer.props, isPending);
  listeners.drawn();
});

/** Return whether a response waits to be drawn. */
export const isDrawPending = () => picture.isPending;

/** Drop the response that waits to be drawn. */
export const cancelDraw = () => picture.cancel();

/** @type {(answer: Answer, isPending: (key: string) => boolean) => void} */
function showAnswer(answer, isPending) {
  listeners.answered(answer);
  picture.push({ answer, isPending, skipWhole: listeners.commitsNow(answer) });
  if (isHeld()) {
    replaceQuerySoon(answer.query);
  } else {
    picture.flush();
    replaceQuery(answer.query);
  }
}

/** Add an edit. @type {(key: string, value: any) => void} */
export function pushEdit(key, value) {
  if (key === "theme") theme.store(value);
  if (OTHER_EXPERIMENT.includes(key)) forgetZooms();
  queue.push(key, value);
}

/** @returns {string} */
export const activeTab = () => shownProps.tabs.value;

/** Functions that Dash calls (app/callbacks). */
export const callbacks = {
  /** Add an edit for a control's new value, unless the page itself set it. */
  control_changed: (/** @type {any} */ value) => {
    const id = window.dash_clientside.callback_context.triggered_id;
    if (!id || value === null || value === undefined || shownProps[id]?.value === value) return;
    recordValue(id, value);
    pushEdit(keyOf(id), value);
  },
  tab_changed: (/** @type {string} */ value) => {
    if (shownProps.tabs?.value === value) return;
    shownProps.tabs = { value };
    beginGesture();
    pushEdit("tab", value);
  },
  /** Mount a tab when it is first opened, and keep it mounted. */
  keep_mounted: (/** @type {string} */ open, /** @type {string} */ tab) => {
    if (open !== tab) return window.dash_clientside.no_update;
    window.setTimeout(describeSliders, 0);
    return true;
  },
};

/**
 * Set the page's initial props, query and figures.
 * @param {Record<string, Props>} props
 * @param {string} query
 * @param {any[]} figures in the order of `plots.graphIds`
 */
export function loadPage(props, query, figures) {
  theme.apply(props.look.data);
  Object.assign(shownProps, props);
  describeSliders();
  queue.setQuery(query);
  replaceQuery(query);
  plots.recordFigures(Object.fromEntries(plots.graphIds.map((id, i) => [id, figures[i]])));
}

function onRelease() {
  flushQuery();
  // The last value is still pending in Dash; it will belong to this gesture.
  window.setTimeout(() => {
    picture.flush();
    listeners.settled();
  }, 0);
}

/**
 * Listen to pointer and keys.
 * @param {ClientConfig} givenConfig
 * @param {ThemeStore} givenTheme
 * @param {typeof listeners} given `settled`: the queue may be idle and no slider held;
 *   `answered`: a response is to be drawn, unless a newer one comes before it is; `drawn`: it is;
 *   `commitsNow`: whether `settled` will have Dash draw its full figures in the same task
 */
export function start(givenConfig, givenTheme, given) {
  config = givenConfig;
  theme = givenTheme;
  listeners = given;
  startGesture(onRelease);
  // The slider's own handlers, on the document, measure its track in the next frame.
  for (const name of ["mousemove", "touchmove"]) {
    window.addEventListener(name, () => picture.postpone());
  }
  typing.start((all) => applyProps(all));
}
