/* Draws an answer: moves the traces in place (move.js) where their looks are the same, else draws
   anew.
   The graphs' own figures are set on release (callbacks/picture.py), or Dash would bring back
   the stale ones. */
(() => {
  const S = (window.saddlescape = window.saddlescape || {});
  const STILL = {
    mode: "immediate",
    frame: { duration: 0, redraw: false },
    transition: { duration: 0 },
  };
  const drawn = {}; // graph -> key of the looks on the screen
  S.drawn = 0; // pictures drawn from the live answers, for whoever measures

  const graph = (id) => document.querySelector(`#${id} .js-plotly-plot`);

  const numbers = ({ bdata }) => {
    const text = atob(bdata);
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
    // A plain array: Plotly.animate walks through every index of a typed one as if it were a key.
    return Array.from(new Float32Array(bytes.buffer));
  };

  const animate = (plot, part, arrays) => {
    const data = part.traces.map((_, i) => {
      const trace = { x: arrays[part.x[i]], y: arrays[part.y[i]] };
      if (part.text[i] !== null) trace.text = part.text[i];
      return trace;
    });
    return window.Plotly.animate(plot, { data, traces: part.traces }, STILL);
  };

  S.have = () => S.GRAPHS.map((id) => drawn[id] || "").join(",");

  S.draw = ({ frame, figures, looks, moments }) => {
    const arrays = frame.arrays.map(numbers);
    for (const id of S.GRAPHS) {
      const plot = graph(id);
      if (!plot || !window.Plotly) continue;
      if (figures[id]) window.Plotly.react(plot, figures[id].data, figures[id].layout);
      else if (!S.move(plot, frame.graphs[id], arrays)) animate(plot, frame.graphs[id], arrays);
      drawn[id] = looks[id];
    }
    if (S.timed) S.timed(moments, { graphs: frame.graphs, arrays });
    S.drawn += 1;
  };

  S.GRAPHS = ["landscape", "distance", "correlation", "value"];
  S.graph = graph;
  /* The looks of figures that came by Dash. */
  S.looked = (looks) => Object.assign(drawn, looks);
})();
