/**
 * The controls: what is moved becomes an edit in the request queue, and what the server answers
 * is shown. When a slider is released, commit.mjs brings picture, address and Dash up to date.
 *
 * @typedef {import("./dom_patch.mjs").Props} Props
 * @typedef {{ query: string, look: string, whole: boolean, looks: Record<string, string>,
 *   moments: any, frame: import("./plots.mjs").EncodedFrame, figures: Record<string, any>,
 *   props: Record<string, Props> }} Answer of GET /live
 */
import { patchProps } from "./dom_patch.mjs";
import * as plots from "./plots.mjs";
import { RequestQueue } from "./request_queue.mjs";
import { moveTraces } from "./svg_fast_path.mjs";
import * as timebar from "./timebar.mjs";
import { replaceQuery } from "./url.mjs";

/** Components whose text follows the slider that is held. */
const TEXT_IDS = /^(chip-\d+|reading|race)$/;
/** Components of which Dash is told even while a slider is held. */
const IMMEDIATE_IDS = /^(notice|notice-text|reading|race|chip-\d+|(row|why)-.+)$/;

/** @type {Record<string, Props>} component → the props it shows, so that only changes are set */
const shownProps = {};
/** @type {Set<string>} components with text on the screen that Dash has not been told of */
const patchedIds = new Set();
let heldSlider = ""; // id of the slider that is held
let lastKeyedSlider = "";
let gesture = 0; // number of the gesture: each makes one entry of the history
/** @type {ClientConfig} */
let config;
/** @type {ThemeStore} */
let theme;
/** @type {{ settled: () => void, answered: (answer: Answer) => void }} */
let listeners;

export const queue = new RequestQueue({
  send: (query, edits) => requestLive(query, edits, heldSlider ? {} : { hand: "off" }),
  received: ({ looks }) => plots.recordFingerprints(looks), // need not be sent whole again
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
  const response = await fetch(`${config.prefix}live?${new URLSearchParams(parts)}`);
  if (!response.ok) throw new Error(await response.text());
  return response.json();
}

/** Request the query as it is drawn at rest: all paths, all arrows. */
export const requestAtRest = () => requestLive(queue.query, {}, { rest: "1" });

/** @type {(id: string, props: Props) => void} */
export const setDashProps = (id, props) => window.dash_clientside.set_props(id, props);

const keyOf = (/** @type {string} */ id) => id.replace(/^(slider|field)-/, "");
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

/** @type {(id: string, props: Props) => boolean} */
const differs = (id, props) =>
  Object.keys(props).some(
    (name) => JSON.stringify(shownProps[id]?.[name]) !== JSON.stringify(props[name]),
  );

/**
 * React changes only what differs from what it was last told: over text that it does not know of,
 * the same text as before would change nothing.
 * @type {(id: string, props: Props) => void}
 */
function restore(id, props) {
  const element = document.getElementById(id);
  if (!element || patchProps(element, { ...shownProps[id], ...props })) return;
  patchProps(element, shownProps[id]);
}

/**
 * Tell Dash of components' props, where they change.
 * @param {Record<string, Props>} all
 * @param {(key: string) => boolean} [isPending]
 */
export function applyProps(all, isPending = () => false) {
  for (const [id, props] of Object.entries(all)) {
    // A slider that is held, or has moved since, keeps its place.
    if (isSlider(id) && (id === heldSlider || isPending(keyOf(id)))) continue;
    if (patchedIds.delete(id)) restore(id, props);
    if (!differs(id, props)) continue;
    shownProps[id] = { ...shownProps[id], ...props };
    setDashProps(id, props);
    if (isField(id)) describeSlider(id, shownProps[id]);
  }
}

/**
 * While a slider moves, text is written straight into the page: telling Dash of one word costs more
 * than drawing all four plots. Dash is told of figures and notices; of the rest at rest.
 * @param {Record<string, Props>} all
 * @param {(key: string) => boolean} isPending
 */
function patchOrApply(all, isPending) {
  /** @type {Record<string, Props>} */
  const forDash = {};
  for (const [id, props] of Object.entries(all)) {
    const element = document.getElementById(id);
    const besideSlider = isField(id) && Boolean(shownProps[`slider-${keyOf(id)}`]);
    const isPatched =
      element !== null && (besideSlider || TEXT_IDS.test(id)) && patchProps(element, props);
    if (isPatched) patchedIds.add(id);
    if (isPatched && besideSlider) describeSlider(id, props);
    if (!isPatched && ("figure" in props || IMMEDIATE_IDS.test(id))) forDash[id] = props;
  }
  applyProps(forDash, isPending);
}

/** Show a notice, or none where the text is empty. @param {string} text */
export function notify(text) {
  applyProps({ "notice-text": { children: text }, notice: { hidden: !text } });
}

/**
 * Draw an answer's plots, and move the cursor with them.
 * @param {Answer} answer
 * @param {boolean} [skipWhole] whether figures that came whole are left to be drawn by Dash
 */
export function drawAnswer(answer, skipWhole = false) {
  timebar.setData(answer.moments, plots.drawAnswer(answer, moveTraces, skipWhole));
}

/** @type {(answer: Answer, isPending: (key: string) => boolean) => void} */
function showAnswer(answer, isPending) {
  drawAnswer(answer);
  replaceQuery(answer.query);
  theme.apply(answer.look);
  patchOrApply(answer.props, isPending);
  listeners.answered(answer);
}

/** Make an edit. @type {(key: string, value: any) => void} */
export function pushEdit(key, value) {
  if (key === "theme") theme.store(value);
  queue.push(key, value);
}

export const isHeld = () => heldSlider !== "";
export const gestureNumber = () => gesture;
/** @returns {string} */
export const activeTab = () => shownProps.tabs.value;

/** Functions that Dash calls (app/callbacks). */
export const callbacks = {
  /** A control has a new value: an edit, unless the page itself has just set it. */
  control_changed: (/** @type {any} */ value) => {
    const id = window.dash_clientside.callback_context.triggered_id;
    if (!id || value === null || value === undefined || shownProps[id]?.value === value) return;
    shownProps[id] = { ...shownProps[id], value };
    pushEdit(keyOf(id), value);
  },
  tab_changed: (/** @type {string} */ value) => {
    if (shownProps.tabs?.value === value) return;
    shownProps.tabs = { value };
    gesture += 1;
    pushEdit("tab", value);
  },
  /** A tab is built when it is first open, and stays. */
  keep_mounted: (/** @type {string} */ open, /** @type {string} */ tab) => {
    if (open !== tab) return window.dash_clientside.no_update;
    window.setTimeout(describeSliders, 0);
    return true;
  },
};

/**
 * Take what the page shows at first.
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

/** @param {EventTarget | null} target */
const sliderOf = (target) => (target instanceof Element && target.closest(".slider")?.id) || "";

/** A thumb's own value, as soon as it has moved: Dash hears of it when it is released. */
function onThumbsMoved(/** @type {MutationRecord[]} */ records) {
  for (const { target } of records) {
    const id = sliderOf(target);
    const value = Number(/** @type {Element} */ (target).getAttribute("aria-valuenow"));
    if (!isSlider(id) || !shownProps[id] || shownProps[id].value === value) continue;
    shownProps[id] = { ...shownProps[id], value };
    pushEdit(keyOf(id), value);
  }
}

function release() {
  if (!heldSlider) return;
  heldSlider = "";
  // The last move is still on its way through Dash: it joins this gesture when it comes.
  window.setTimeout(() => listeners.settled(), 0);
}

/** @param {KeyboardEvent} event */
function onKeyDown(event) {
  const slider = sliderOf(event.target);
  if (!event.repeat && !(slider && slider === lastKeyedSlider)) gesture += 1;
  lastKeyedSlider = slider;
  if (slider && event.key !== "Tab") heldSlider = slider;
}

/** Buttons and links that make edits carry them in data attributes. @param {MouseEvent} event */
function onClick(event) {
  const { target } = event;
  const selector = "[data-edit],[data-dice],[data-dismiss]";
  /** @type {HTMLElement | null} */
  const button = target instanceof Element ? target.closest(selector) : null;
  if (!button) return;
  const { edit, dice, dismiss } = button.dataset;
  const opensElsewhere = event.ctrlKey || event.metaKey || event.shiftKey; // a link in a new tab
  if (button.tagName === "A" && opensElsewhere) return;
  if (button.tagName === "A") event.preventDefault();
  if (edit) for (const [key, value] of Object.entries(JSON.parse(edit))) pushEdit(key, value);
  if (dice) pushEdit(dice, String(Math.floor(Math.random() * 10000))); // short, to be told aloud
  if (dismiss) notify("");
}

/**
 * Listen to pointer and keys.
 * @param {ClientConfig} givenConfig
 * @param {ThemeStore} givenTheme
 * @param {typeof listeners} given `settled`: the queue may be idle and no slider held;
 *   `answered`: an answer is on the screen
 */
export function start(givenConfig, givenTheme, given) {
  config = givenConfig;
  theme = givenTheme;
  listeners = given;
  new MutationObserver(onThumbsMoved).observe(document, {
    subtree: true,
    attributes: true,
    attributeFilter: ["aria-valuenow"],
  });
  const onPointerDown = (/** @type {PointerEvent} */ event) => {
    gesture += 1;
    heldSlider = sliderOf(event.target);
  };
  window.addEventListener("pointerdown", onPointerDown, true);
  window.addEventListener("pointerup", release, true);
  window.addEventListener("pointercancel", release, true);
  window.addEventListener("keydown", onKeyDown, true);
  window.addEventListener("keyup", release, true);
  window.addEventListener("blur", release);
  document.addEventListener("click", onClick);
}
