/** Share and Export: the link with its options, copies, downloads; each reports its result. */
import { copyText } from "./clipboard.mjs";
import { notify, queue, requestAtRest } from "./controls.mjs";
import { figureOf, getPlot, graphIds } from "./plots.mjs";
import { shareLink } from "./url.mjs";

/** @typedef {import("./plots.mjs").Plot} Plot */

/** @type {Record<string, string>} */
const LIBRARIES = { numpy: "NumPy", torch: "PyTorch" };
let prefix = "/";

/**
 * Write a message into an element, or into the page's notice.
 * @type {(id: string, text: string) => void}
 */
function say(id, text) {
  const element = document.getElementById(id);
  if (element) element.textContent = text;
  else notify(text);
}

/** @type {(id: string, said: string) => Promise<void>} */
async function copyField(id, said) {
  const field = /** @type {HTMLInputElement} */ (document.getElementById(id));
  try {
    await copyText(field.value);
    say(said, "Copied.");
  } catch {
    say(said, "This browser does not let the page copy: the text is chosen, press Ctrl+C.");
    field.select();
  }
}

/** Copy the text of an element. @param {string} id */
async function copyElement(id) {
  const text = document.getElementById(id)?.textContent || "";
  try {
    await copyText(text);
    notify("The line is copied.");
  } catch {
    notify(`This browser does not let the page copy; the line is ${text}`);
  }
}

/** @type {(library: string, said: string) => Promise<void>} */
async function copyScript(library, said) {
  const name = LIBRARIES[library];
  try {
    const response = await fetch(`${prefix}script/${library}.py?${queue.query}`);
    const text = await response.text();
    if (!response.ok) throw new Error(text);
    await copyText(text);
    say(said, `Copied: a ${name} script of ${text.split("\n").length} lines.`);
  } catch (error) {
    const { message } = /** @type {Error} */ (error);
    say(said, `The ${name} script was not copied (${message}); “save” keeps it as a file.`);
  }
}

/** Return a plot's figure; Explore's plots are moved without Plotly during a drag. */
async function dataOf(/** @type {string} */ graph, /** @type {Plot} */ plot) {
  if (!graphIds.includes(graph)) return plot.data;
  const { frame, figures } = await requestAtRest();
  return (figures[graph] || figureOf(graph, frame)).data;
}

/**
 * Save a plot as displayed, with its zoom and the cursor.
 * @type {(graph: string, kind: string) => Promise<void>}
 */
async function saveImage(graph, kind) {
  const plot = /** @type {Plot} */ (getPlot(graph));
  const size = { width: plot.clientWidth, height: plot.clientHeight };
  const file = { format: kind, filename: graph, ...size, scale: 2 };
  try {
    const data = await dataOf(graph, plot);
    await window.Plotly.downloadImage({ data, layout: plot.layout }, file);
    say("take-said", `Saved ${graph}.${kind}.`);
  } catch (error) {
    say("take-said", `The plot was not saved (${/** @type {any} */ (error).message || error}).`);
  }
}

const hasNumbers = (/** @type {any[]} */ points) =>
  points.some(({ x, z }) => (z ? z.flat().some(Number.isFinite) : Number.isFinite(x)));

/** Return whether a plot is displayed and not empty. @param {string | undefined} graph */
function isDrawn(graph) {
  const plot = graph ? getPlot(graph) : null;
  return Boolean(plot?.offsetParent && plot.calcdata?.some(hasNumbers));
}

/** @type {(selector: string) => NodeListOf<HTMLElement>} */
const all = (selector) => document.querySelectorAll(selector);

/** Show the rows of the open tab's plots that are not empty. */
function offerPlots() {
  for (const row of all("[data-plot]")) row.hidden = !isDrawn(row.dataset.plot);
  const any = [...all("[data-plot]")].some((row) => !row.hidden);
  for (const text of all("[data-plots]")) text.hidden = (text.dataset.plots === "some") !== any;
}

/** @type {(element: HTMLElement, path: string, file: string) => void} */
function setDownload(element, path, file) {
  element.setAttribute("href", `${prefix}${path}?${queue.query}`);
  element.setAttribute("download", file);
}

function fillLinks() {
  for (const link of all("[data-format]")) {
    const { format } = link.dataset;
    setDownload(link, `take/run.${format}`, `saddlescape.${format}`);
  }
  for (const link of all("[data-saves]")) {
    const { saves } = link.dataset;
    setDownload(link, `script/${saves}.py`, `saddlescape_${saves}.py`);
  }
}

/** Functions that Dash calls (app/callbacks). */
export const callbacks = {
  toggle_dialog: (/** @type {number} */ _clicks, /** @type {boolean} */ isOpen) => {
    fillLinks();
    offerPlots();
    for (const id of ["share-said", "take-said"]) say(id, "");
    return !isOpen;
  },
  /** Return the link to share, and the link for an iframe. */
  share_links: (
    /** @type {boolean} */ isOpen,
    /** @type {string[] | null} */ hidden,
    /** @type {string} */ view,
  ) => {
    const { no_update } = window.dash_clientside;
    if (!isOpen) return [no_update, no_update];
    const base = window.location.origin + window.location.pathname;
    return [view, "embed"].map((each) => shareLink(base, queue.query, hidden || [], each));
  },
};

/** @param {MouseEvent} event */
function onClick({ target }) {
  const selector = "[data-copy],[data-copy-of],[data-script],[data-image]";
  /** @type {HTMLElement | null} */
  const button = target instanceof Element ? target.closest(selector) : null;
  if (!button) return;
  const { copy, copyOf, said = "", script, image, graph = "" } = button.dataset;
  if (copy) copyField(copy, said);
  if (copyOf) copyElement(copyOf);
  if (script) copyScript(script, said);
  if (image) saveImage(graph, image);
}

/** @param {ClientConfig} config */
export function start(config) {
  prefix = config.prefix;
  document.addEventListener("click", onClick);
}
