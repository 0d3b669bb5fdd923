/**
 * The plots: finds them, draws the server's responses, and stores what was drawn last.
 *
 * @typedef {{ type: string, range: number[], _id: string, _offset: number, _length: number,
 *   _inputRange?: number[],
 *   d2p(value: number): number, p2d(pixels: number): number, p2l(pixels: number): number }} Axis
 * @typedef {HTMLElement & { data: any[], layout: any, calcdata?: any[][], _fullData: any[],
 *   _fullLayout: { xaxis: Axis, yaxis: Axis, width: number, height: number, _uid: string,
 *     annotations?: any[] },
 *   on(event: string, listener: () => void): void }} Plot
 * @typedef {{ traces: number[], x: number[], y: number[], text: any[], name: any[] }} Part
 *   A figure's moving traces; x and y are indices into the frame's arrays.
 * @typedef {ArrayLike<number>} Numbers
 * @typedef {{ bdata: string }} TypedArraySpec
 * @typedef {{ graphs: Record<string, Part>, arrays: (TypedArraySpec | Float32Array)[] }}
 *   EncodedFrame
 * @typedef {{ graphs: Record<string, Part>, arrays: Numbers[] }} Frame
 */
const IMMEDIATELY = {
  mode: "immediate",
  frame: { duration: 0, redraw: false },
  transition: { duration: 0 },
};

const MOST_KEPT = 24; // full figures: four plots, and as many answers as may be in flight

/** @type {string[]} ids of Explore's plots, the landscape first */
export let graphIds = [];
/** Number of responses drawn. */
export let drawnCount = 0;
/** @type {Record<string, string>} graph → fingerprint of the displayed figure */
const fingerprints = {};
/** @type {Record<string, any>} graph → its newest full figure */
const wholeFigures = {};
/** @type {Map<string, any>} fingerprint → full figure, of the latest that were received */
const kept = new Map();
/** @type {Set<string>} graphs whose newest full figure is not displayed yet */
const undrawn = new Set();
/** @type {Map<string, () => void>} graph → what moves its traces to the displayed frame again */
const moved = new Map();
/** @type {WeakSet<Plot>} plots whose redrawing is listened to */
const watched = new WeakSet();
/** @type {EncodedFrame | null} the displayed frame */
let newestFrame = null;

/** @type {(id: string, layout: any) => any} what is drawn in place of a figure's own layout */
let adjust = (_id, layout) => layout;

/** @type {(config: ClientConfig, adjustLayout?: typeof adjust) => void} */
export function start(config, adjustLayout = adjust) {
  graphIds = config.graphs;
  adjust = adjustLayout;
}

/** Return the layout of a graph's newest full figure. @param {string} id */
export const layoutOf = (id) => wholeFigures[id].layout;

/**
 * Return the plot of a graph; null before Plotly has created it.
 * @param {string} id
 * @returns {Plot | null}
 */
export const getPlot = (id) => document.querySelector(`#${id} .js-plotly-plot`);

/**
 * Return the plot of a graph; null before it has axes.
 * @param {string} id
 */
export function getDrawnPlot(id) {
  const plot = getPlot(id);
  return plot?._fullLayout?.xaxis && plot._fullData ? plot : null;
}

/**
 * Return the position of the pointer from a plot's left and upper axis, in px.
 * @param {Plot} plot
 * @param {MouseEvent} event
 */
export function pointerIn(plot, event) {
  const { xaxis, yaxis } = plot._fullLayout;
  const box = plot.getBoundingClientRect();
  return [event.clientX - box.left - xaxis._offset, event.clientY - box.top - yaxis._offset];
}

/**
 * Decode base64 float32 numbers.
 * @param {TypedArraySpec} spec
 */
export function decodeFloats({ bdata }) {
  const text = atob(bdata);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
  return new Float32Array(bytes.buffer);
}

/**
 * Return float32 numbers as Plotly's typed array in JSON.
 * @param {Float32Array} numbers
 */
export function encodeFloats(numbers) {
  const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return { dtype: "f4", bdata: btoa(text) };
}

/** Return the fingerprints of the displayed figures, in the order of `graphIds`. */
export const drawnFingerprints = () => graphIds.map((id) => fingerprints[id] || "").join(",");

/** Record the fingerprints of the displayed figures. @param {Record<string, string>} looks */
export function recordFingerprints(looks) {
  Object.assign(fingerprints, looks);
  keepFigures();
}

/** @type {(id: string) => boolean} whether a graph's newest full figure is not displayed yet */
export const isUndrawn = (id) => undrawn.has(id);

/** Record that a graph's newest full figure is displayed. @param {string} id */
export function recordDrawn(id) {
  undrawn.delete(id);
  moved.delete(id);
}

/**
 * Let a graph's next figure set its ranges: Plotly.react keeps the last figure's where the two axes
 * have one scale, and extends the new ones to them. @param {string} id
 */
export function forgetRanges(id) {
  const { xaxis, yaxis } = getDrawnPlot(id)?._fullLayout ?? {};
  for (const axis of [xaxis, yaxis]) if (axis) axis._inputRange = undefined;
}

/** Record full figures. @param {Record<string, any>} figures */
export const recordFigures = (figures) => Object.assign(wholeFigures, figures);

/**
 * Record a response that is to be drawn: its full figures need not be sent again, and are drawn
 * even if a newer response is drawn in its place.
 * @param {{ figures: Record<string, any>, looks: Record<string, string> }} answer
 */
export function receive({ figures, looks }) {
  for (const [id, look] of Object.entries(looks)) {
    const figure = figures[id] ?? (look === fingerprints[id] ? undefined : kept.get(look));
    if (!figure) continue;
    recordFigures({ [id]: figure });
    undrawn.add(id);
  }
  recordFingerprints(looks);
}

/** Keep the newest full figures: an answer may be of a request sent when another was newest. */
function keepFigures() {
  for (const id of graphIds) {
    const look = fingerprints[id];
    if (!look || !wholeFigures[id]) continue;
    kept.delete(look);
    kept.set(look, wholeFigures[id]);
  }
  for (const look of [...kept.keys()].slice(0, -MOST_KEPT)) kept.delete(look);
}

/**
 * Return a plot's figure: the newest full one, with the arrays of a frame.
 * @param {string} id
 * @param {EncodedFrame} [frame]
 */
export function figureOf(id, frame = /** @type {EncodedFrame} */ (newestFrame)) {
  const part = frame.graphs[id];
  const data = [...wholeFigures[id].data];
  const encoded = (/** @type {number} */ n) => {
    const array = frame.arrays[n];
    if (array instanceof Float32Array) frame.arrays[n] = encodeFloats(array);
    return frame.arrays[n];
  };
  part.traces.forEach((index, k) => {
    const trace = { ...data[index], x: encoded(part.x[k]), y: encoded(part.y[k]) };
    if (part.text[k] !== null) trace.text = part.text[k];
    if (part.name[k] !== null) trace.name = part.name[k];
    data[index] = trace;
  });
  return { ...wholeFigures[id], data, layout: adjust(id, layoutOf(id)) };
}

/**
 * @param {Plot} plot
 * @param {Part} part
 * @param {Numbers[]} arrays
 */
function animate(plot, part, arrays) {
  const data = part.traces.map((_, i) => {
    /** @type {Record<string, any>} */
    // Plain arrays: Plotly.animate iterates over every index of a typed array as a key.
    const trace = { x: Array.from(arrays[part.x[i]]), y: Array.from(arrays[part.y[i]]) };
    if (part.text[i] !== null) trace.text = part.text[i];
    return trace;
  });
  return window.Plotly.animate(plot, { data, traces: part.traces }, IMMEDIATELY);
}

/**
 * Move a plot's traces again when Plotly has redrawn it in another size: its data are still those
 * from before the drag. @param {Plot} plot @param {string} id
 */
function watch(plot, id) {
  if (watched.has(plot)) return;
  watched.add(plot);
  plot.on("plotly_afterplot", () => moved.get(id)?.());
}

/**
 * Draw a response; return its frame with decoded arrays.
 * @param {{ frame: EncodedFrame, figures: Record<string, any>,
 *   looks: Record<string, string> }} answer
 * @param {(plot: Plot, part: Part, arrays: Numbers[]) => boolean} moveTraces
 *   Moves the traces of a plot in place; false if Plotly must draw.
 * @param {boolean} skipWhole whether full figures are left to be drawn by Dash
 * @returns {Frame}
 */
export function drawAnswer(answer, moveTraces, skipWhole = false) {
  const { frame } = answer;
  receive(answer);
  newestFrame = frame;
  const arrays = frame.arrays.map((array) =>
    array instanceof Float32Array ? array : decodeFloats(array),
  );
  for (const id of graphIds) {
    const plot = getPlot(id);
    if (!plot || !window.Plotly || (isUndrawn(id) && skipWhole)) continue;
    if (isUndrawn(id)) {
      const { data, layout } = figureOf(id);
      forgetRanges(id);
      window.Plotly.react(plot, data, structuredClone(layout)); // a zoom modifies it
      recordDrawn(id);
    } else if (moveTraces(plot, frame.graphs[id], arrays)) {
      moved.set(id, () => moveTraces(plot, frame.graphs[id], arrays));
      watch(plot, id);
    } else {
      moved.delete(id);
      animate(plot, frame.graphs[id], arrays);
    }
  }
  drawnCount += 1;
  return { graphs: frame.graphs, arrays };
}
