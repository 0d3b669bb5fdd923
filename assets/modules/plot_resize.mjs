/**
 * Leaves out the resize of a plot that has its size, for which Plotly would draw it anew. Dash
 * resizes every plot after its first drawing, and all of them when one changes its size.
 *
 * @typedef {import("./plots.mjs").Plot} Plot
 */
const TOLERANCE = 0.5; // px

/** Return whether a plot is drawn in the size of its element. @param {Plot} plot */
function hasItsSize(plot) {
  const drawn = plot._fullLayout;
  const { width, height } = window.getComputedStyle(plot);
  return (
    Boolean(drawn) &&
    Math.abs(Number.parseFloat(width) - drawn.width) < TOLERANCE &&
    Math.abs(Number.parseFloat(height) - drawn.height) < TOLERANCE
  );
}

/** Replace Plotly's resize, as soon as its script has run and before Dash's listener uses it. */
export function start() {
  const replace = () => {
    if (!window.Plotly) return;
    document.removeEventListener("load", replace, true);
    const { Plots } = window.Plotly;
    const { resize } = Plots;
    Plots.resize = (/** @type {Plot} */ plot) =>
      hasItsSize(plot) ? Promise.resolve(plot) : resize(plot);
  };
  document.addEventListener("load", replace, true); // of any script of the document
}
