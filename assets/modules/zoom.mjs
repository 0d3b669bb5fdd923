/**
 * Zooms of the plots over time: kept while sliders move, as long as the axes are of the same kind
 * (linear, log, scaled); a double click shows all again.
 *
 * @typedef {import("./plots.mjs").Plot} Plot
 * @typedef {Record<string, any>} Layout
 */
import { getDrawnPlot, graphIds, layoutOf } from "./plots.mjs";

const AXES = ["xaxis", "yaxis"];

/** @type {Map<string, { kind: string, ranges: number[][] }>} graph → its zoom */
const zooms = new Map();
/** @type {WeakSet<Plot>} plots that are listened to */
const known = new WeakSet();

/** Return what a zoom depends on: the axes' types, and the unit of time in the axis' title. */
const kindOf = (/** @type {Layout} */ layout) =>
  [...AXES.map((axis) => layout[axis]?.type), layout.annotations?.[0]?.text].join();

const isSame = (/** @type {number[]} */ a, /** @type {number[]} */ b) =>
  a.every((end, i) => Math.abs(end - b[i]) <= 1e-6 * Math.abs(b[1] - b[0]));

/**
 * Return a figure's layout with the reader's zoom; a zoom of axes of another kind is dropped.
 * @type {(graph: string, layout: Layout) => Layout}
 */
export function withZoom(graph, layout) {
  const zoom = zooms.get(graph);
  if (!zoom) return layout;
  if (zoom.kind !== kindOf(layout)) {
    zooms.delete(graph);
    return layout;
  }
  const axes = AXES.map((axis, i) => [axis, { ...layout[axis], range: zoom.ranges[i] }]);
  return { ...layout, ...Object.fromEntries(axes) };
}

/** Show all again, as of another experiment. */
export const forgetZooms = () => zooms.clear();

/**
 * Record the ranges that the reader has chosen.
 * @type {(graph: string, plot: Plot, own: Layout) => void}
 */
function record(graph, plot, own) {
  /** @type {number[][]} */
  const ranges = AXES.map((axis) => [...plot.layout[axis].range]);
  if (AXES.every((axis, i) => own[axis].range && isSame(ranges[i], own[axis].range)))
    zooms.delete(graph);
  else zooms.set(graph, { kind: kindOf(own), ranges });
}

/**
 * Let a double click on a zoomed plot show the figure's own ranges.
 * @type {(plot: Plot, own: Layout) => void}
 */
function keepInitial(plot, own) {
  for (const axis of AXES) {
    const { range } = own[axis];
    const drawn = /** @type {any} */ (plot._fullLayout)[axis];
    if (range) [drawn._rangeInitial0, drawn._rangeInitial1] = range;
  }
}

/** Listen to the plots over time, once each. */
export function watchZooms() {
  for (const graph of graphIds.slice(1)) {
    const plot = getDrawnPlot(graph);
    if (!plot || known.has(plot)) continue;
    known.add(plot);
    plot.on("plotly_relayout", () => record(graph, plot, layoutOf(graph)));
    plot.on("plotly_afterplot", () => {
      if (zooms.has(graph)) keepInitial(plot, layoutOf(graph));
    });
  }
}
