/* Draws an answer: moves the traces in place (move.js) where their looks are the same, else draws
   anew. Dash is told of the figures at rest (hand.js), or it would bring back stale ones. */
(() => {
  const S = (window.saddlescape = window.saddlescape || {});
  const STILL = {
    mode: "immediate",
    frame: { duration: 0, redraw: false },
    transition: { duration: 0 },
  };
  const drawn = {}; // graph -> key of the looks on the screen
  const whole = {}; // graph -> its figure as it last came whole
  let newest = null; // the frame on the screen
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

  /* A plot's figure as the server would send it: what last came whole, moved by the frame. */
  S.figure = (id, frame = newest) => {
    const part = frame.graphs[id];
    const data = [...whole[id].data];
    part.traces.forEach((index, k) => {
      const trace = { ...data[index], x: frame.arrays[part.x[k]], y: frame.arrays[part.y[k]] };
      if (part.text[k] !== null) trace.text = part.text[k];
      if (part.name[k] !== null) trace.name = part.name[k];
      data[index] = trace;
    });
    return { ...whole[id], data };
  };

  const anew = (plot, { data, layout }) =>
    window.Plotly.react(plot, data, structuredClone(layout)); // a zoom is written into it

  /* `leave`: what comes whole is drawn when Dash is told of it. */
  S.draw = ({ frame, figures, looks, moments }, leave = false) => {
    const arrays = frame.arrays.map(numbers);
    newest = frame;
    S.cameWhole(figures);
    for (const id of S.GRAPHS) {
      const plot = graph(id);
      if (!plot || !window.Plotly) continue;
      if (figures[id] && leave) continue;
      if (figures[id]) anew(plot, figures[id]);
      else if (!S.move(plot, frame.graphs[id], arrays)) animate(plot, frame.graphs[id], arrays);
    }
    S.looked(looks);
    if (S.timed) S.timed(moments, { graphs: frame.graphs, arrays });
    S.drawn += 1;
  };

  S.GRAPHS = ["landscape", "distance", "correlation", "value"];
  S.graph = graph;
  S.cameWhole = (figures) => Object.assign(whole, figures);
  /* The looks of figures on the screen, or as good as. */
  S.looked = (looks) => Object.assign(drawn, looks);
})();
