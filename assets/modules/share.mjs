/** Share and Export: the link with its options, copies, images; each reports its result. */
import { copyText } from "./clipboard.mjs";
import { notify, queue, requestAtRest, setDashProps } from "./controls.mjs";
import { figureOf, getPlot, graphIds } from "./plots.mjs";
import { shareLink } from "./url.mjs";

/** @typedef {import("./plots.mjs").Plot} Plot */

/** @type {Record<string, string>} */
const LIBRARIES = { numpy: "NumPy", torch: "PyTorch" };
const SCALE = 2; // of a saved image
const UNSAVED = ".cursor-arrows, .cursor-hover"; // parts of the cursor's layer
const DRAWN_BY_CSS = [
  ...["fill", "stroke", "stroke-width", "stroke-linejoin"],
  ...["paint-order", "font-family", "font-size", "opacity"],
];
const LOCAL = /^(localhost|127(\.\d+){3}|\[::1\])$/; // names of the reader's own machine
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

const isLocal = () => LOCAL.test(window.location.hostname);

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

/** Return a copy of a plot's paths, dots and names that needs no style sheet. @param {Plot} plot */
function cursorLayer(plot) {
  const layer = plot.closest(".plot")?.querySelector("svg.cursor");
  if (!layer) return null;
  const copy = /** @type {Element} */ (layer.cloneNode(true));
  const parts = layer.querySelectorAll("*");
  copy.querySelectorAll("*").forEach((part, i) => {
    const style = window.getComputedStyle(parts[i]);
    for (const name of DRAWN_BY_CSS) part.setAttribute(name, style.getPropertyValue(name));
  });
  for (const part of copy.querySelectorAll(UNSAVED)) part.remove();
  return copy;
}

/**
 * Return a plot as SVG, with its zoom and, on Explore, the layer of cursor and names.
 * @type {(graph: string, plot: Plot) => Promise<string>}
 */
async function svgOf(graph, plot) {
  const layer = graphIds.includes(graph) ? cursorLayer(plot) : null;
  const size = { width: plot.clientWidth, height: plot.clientHeight, scale: SCALE };
  const figure = { data: await dataOf(graph, plot), layout: plot.layout };
  const options = { format: "svg", imageDataOnly: true, ...size };
  /** @type {string} */
  const svg = await window.Plotly.toImage(figure, options);
  if (!layer) return svg;
  const image = new DOMParser().parseFromString(svg, "image/svg+xml");
  image.documentElement.append(...layer.childNodes);
  return new XMLSerializer().serializeToString(image);
}

/** Return an SVG image as PNG. @param {string} svg */
async function pngOf(svg) {
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: image.naturalWidth, height: image.naturalHeight });
  canvas.getContext("2d")?.drawImage(image, 0, 0);
  /** @type {Blob | null} */
  const png = await new Promise((done) => canvas.toBlob(done, "image/png"));
  if (!png) throw new Error("this browser makes no image of this size");
  return png;
}

/** @type {(blob: Blob, file: string) => void} */
function download(blob, file) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = file;
  link.click();
  URL.revokeObjectURL(link.href);
}

/**
 * Save a plot as displayed, with its zoom and the cursor.
 * @type {(graph: string, kind: string) => Promise<void>}
 */
async function saveImage(graph, kind) {
  const plot = /** @type {Plot} */ (getPlot(graph));
  try {
    const svg = await svgOf(graph, plot);
    const type = "image/svg+xml;charset=utf-8";
    download(kind === "svg" ? new Blob([svg], { type }) : await pngOf(svg), `${graph}.${kind}`);
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
  if (!plot?.offsetParent || window.getComputedStyle(plot).visibility === "hidden") return false;
  return Boolean(plot.calcdata?.some(hasNumbers));
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
    document.getElementById("share-local")?.toggleAttribute("hidden", !isLocal());
    const base = window.location.origin + window.location.pathname;
    return [view, "embed"].map((each) => shareLink(base, queue.query, hidden || [], each));
  },
};

/**
 * Show the QR code in the whole window, or in its dialog again.
 * @param {EventTarget | null} target
 */
function toggleCode(target) {
  const code = target instanceof Element && target.closest(".qr-button");
  if (code) code.classList.toggle("whole-window");
}

/** Close the whole window's QR code by Escape, and not its dialog. @param {KeyboardEvent} event */
function onKeyDown(event) {
  const code = document.querySelector(".qr-button.whole-window");
  if (!code || event.key !== "Escape") return;
  code.classList.remove("whole-window");
  event.stopImmediatePropagation();
}

/** @param {MouseEvent} event */
function onClick({ target }) {
  toggleCode(target);
  const selector = "[data-copy],[data-copy-of],[data-script],[data-image],[data-closes]";
  /** @type {HTMLElement | null} */
  const button = target instanceof Element ? target.closest(selector) : null;
  if (!button) return;
  const { copy, copyOf, said = "", script, image, graph = "", closes } = button.dataset;
  if (copy) copyField(copy, said);
  if (copyOf) copyElement(copyOf);
  if (script) copyScript(script, said);
  if (image) saveImage(graph, image);
  if (closes) setDashProps(closes, { opened: false });
}

/** Save the landscape with the cursor where Plotly's toolbar would save it without. */
function onToolbar(/** @type {MouseEvent} */ event) {
  const camera = `#${graphIds[0]} .modebar-btn[data-title^="Download plot"]`;
  if (!(event.target instanceof Element) || !event.target.closest(camera)) return;
  event.stopPropagation();
  saveImage(graphIds[0], "png");
}

/** @param {ClientConfig} config */
export function start(config) {
  prefix = config.prefix;
  document.addEventListener("click", onClick);
  window.addEventListener("keydown", onKeyDown, true);
  document.addEventListener("click", onToolbar, true);
}
