/**
 * Moves the traces of a drawn plot: writes new coordinates into the SVG drawn by Plotly.
 *
 * Plotly.animate, even without redraw, recomputes the defaults of all traces, four fifths of its
 * time. Here the traces' styles are unchanged (plots.mjs), so only positions change, and each
 * trace is found by its uid. Unsupported changes return false; Plotly draws them.
 *
 * @typedef {import("./plots.mjs").Axis} Axis
 * @typedef {import("./plots.mjs").Numbers} Numbers
 */
const SVG = "http://www.w3.org/2000/svg";

/**
 * Return data values as px along an axis, to 1/100 px.
 * @param {Pick<Axis, "type" | "range" | "_length" | "_id">} axis
 * @param {Numbers} values
 */
export function toPixels(axis, values) {
  const out = new Float64Array(values.length);
  const log = axis.type === "log";
  const from = axis.range[0];
  const scale = (axis.range[1] - from) / axis._length;
  const up = axis._id[0] === "y";
  for (let i = 0; i < values.length; i += 1) {
    const at = ((log ? Math.log10(values[i]) : values[i]) - from) / scale;
    out[i] = Math.round((up ? axis._length - at : at) * 100) / 100;
  }
  return out;
}

/** @type {(x: Numbers, y: Numbers, i: number) => boolean} */
const isShown = (x, y, i) => Number.isFinite(x[i]) && Number.isFinite(y[i]);

/** @param {number} v px */
const clamped = (v) => Math.min(Math.max(v, -1e5), 1e5);

/**
 * Return the `d` of an SVG path through points; a non-finite point makes a gap.
 * @param {Numbers} x px
 * @param {Numbers} y px
 */
export function pathData(x, y) {
  const parts = [];
  let command = "M";
  for (let i = 0; i < x.length; i += 1) {
    if (isShown(x, y, i)) {
      parts.push(command, clamped(x[i]), ",", clamped(y[i]));
      command = "L";
    } else {
      command = "M";
    }
  }
  return parts.join("");
}

/**
 * Set the first of a line's paths to `d`, and empty the others; Plotly draws one between gaps.
 * @param {Element[]} paths
 * @param {string} d
 */
function redraw(paths, d) {
  paths.forEach((path, i) => {
    path.setAttribute("d", i ? "M0,0" : d || "M0,0");
  });
  return paths.length > 0 || !d;
}

/**
 * @param {Element} group
 * @param {any} trace
 * @param {string} d
 * @param {string} clip
 */
function moveLine(group, trace, d, clip) {
  const layer = /** @type {Element} */ (group.querySelector("g.lines"));
  /** @type {Element[]} */
  let paths = [...layer.querySelectorAll("path.js-line")];
  if (!paths.length && d) {
    const path = document.createElementNS(SVG, "path");
    const { color, width, dash } = trace.line;
    path.setAttribute("class", "js-line");
    if (trace.cliponaxis !== false) path.setAttribute("clip-path", clip);
    path.style.cssText =
      `vector-effect:non-scaling-stroke;fill:none;stroke:${color};stroke-width:${width}px;` +
      (dash && dash !== "solid" ? `stroke-dasharray:${dash};` : "");
    layer.append(path);
    paths = [path];
  }
  return redraw(paths, d);
}

/** @type {(group: Element, x: Float64Array, y: Float64Array) => boolean} */
function moveMarkers(group, x, y) {
  const marks = group.querySelectorAll(".points > path.point");
  const places = [...x.keys()].filter((i) => isShown(x, y, i));
  if (marks.length !== places.length) return false;
  marks.forEach((mark, k) => {
    mark.setAttribute("transform", `translate(${x[places[k]]},${y[places[k]]})`);
  });
  return true;
}

/**
 * Move labels to their points; each label's group has Plotly's offset from its point.
 * @type {(group: Element, text: any, x: Float64Array, y: Float64Array) => boolean}
 */
function moveLabels(group, text, x, y) {
  /** @type {NodeListOf<SVGTextElement>} */
  const labels = group.querySelectorAll(".text text");
  const wordsOf = (/** @type {number} */ i) => String((Array.isArray(text) ? text[i] : text) || "");
  const places = [...x.keys()].filter((i) => wordsOf(i) && isShown(x, y, i));
  if (labels.length !== places.length) return false;
  return places.every((i, k) => {
    const label = labels[k];
    if ((label.dataset.unformatted || "").trim() !== wordsOf(i).trim()) {
      if (label.firstElementChild || wordsOf(i).includes("<")) return false;
      label.textContent = wordsOf(i);
      label.dataset.unformatted = wordsOf(i);
    }
    label.setAttribute("x", String(x[i]));
    label.setAttribute("y", String(y[i]));
    return true;
  });
}

/**
 * Move the traces of a plot; return false if Plotly must draw them.
 * @param {import("./plots.mjs").Plot} plot
 * @param {import("./plots.mjs").Part} part
 * @param {Numbers[]} arrays
 */
export function moveTraces(plot, part, arrays) {
  const { xaxis, yaxis, _uid: uid } = plot._fullLayout;
  const clip = `url(#clip${uid}xyplot)`;
  /** @type {Float64Array[]} index of an array → its px: curves over time share their steps */
  const across = [];
  return part.traces.every((index, k) => {
    const trace = plot._fullData[index];
    if (trace?.visible !== true) return false;
    across[part.x[k]] ||= toPixels(xaxis, arrays[part.x[k]]);
    const x = across[part.x[k]];
    const y = toPixels(yaxis, arrays[part.y[k]]);
    const group = plot.querySelector(`.scatterlayer g.trace${trace.uid}`);
    if (!group) return !pathData(x, y);
    if (trace.fill && trace.fill !== "none") {
      const fills = group.querySelectorAll("path.js-fill");
      return redraw([...fills], pathData(x, y) && `${pathData(x, y)}Z`);
    }
    const shows = (/** @type {string} */ what) => trace.mode.includes(what);
    return (
      (!shows("lines") || moveLine(group, trace, pathData(x, y), clip)) &&
      (!shows("markers") || moveMarkers(group, x, y)) &&
      (!shows("text") || moveLabels(group, part.text[k], x, y))
    );
  });
}
