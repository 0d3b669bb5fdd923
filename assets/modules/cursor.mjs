/* The cursor: one step, marked on every plot, over what Plotly has drawn.

   It reads the figures' own numbers (a trace's meta says what it is) and those of
   app/figures/moments.py, so that it moves without a request. The arrows: arrows.js. */
(() => {
  const S = (window.saddlescape = window.saddlescape || {});
  const svg = (...parts) => S.svg(...parts);
  const HIDDEN = ["path", "dot", "name", "note"]; // of the landscape: drawn here at the cursor
  const WORDS = ["radius", "start", "saddle", "minimum"]; // of the landscape: names keep off them
  const NAMES_OFF = 30; // px from the dots to their names
  let moments = null; // steps, and arrows along the first paths
  let frame = null; // the newest numbers while the hand moves; null: the figures' own
  let step = 0; // index of the recorded step that is marked
  const cached = {}; // graph -> what does not change with the step

  const decode = (spec) => {
    if (!spec || !spec.bdata) return Float32Array.from(spec || []);
    const bytes = Uint8Array.from(atob(spec.bdata), (c) => c.charCodeAt(0));
    return new Float32Array(bytes.buffer);
  };

  /* Coordinates of trace `index`, as they are on the screen. */
  const numbers = (plot, id, index) => {
    if (frame) {
      const part = frame.graphs[id];
      const at = part.traces.indexOf(index);
      if (at >= 0) return [frame.arrays[part.x[at]], frame.arrays[part.y[at]]];
    }
    const trace = plot._fullData[index];
    return [trace.x, trace.y].map((v) => (v && v.bdata ? decode(v) : v || []));
  };

  const layer = (id) => {
    const plot = S.graph(id);
    const home = plot.closest(".plot");
    let over = home.querySelector("svg.cursor");
    if (!over) over = svg("svg", { class: "cursor", "aria-hidden": "true" }, home);
    return over;
  };

  const ready = (id) => {
    const plot = S.graph(id);
    return plot && plot._fullLayout && plot._fullLayout.xaxis && plot._fullData ? plot : null;
  };

  const px = (axis, value) => axis._offset + axis.d2p(value);

  const watch = (plot) => {
    if (plot.saddlescapeCursor || !plot.on) return;
    plot.saddlescapeCursor = true;
    plot.on("plotly_afterplot", () => S.cursor.refresh());
    plot.on("plotly_relayout", () => S.cursor.refresh());
  };

  /* All that depends on the figure and not on the step: px of every curve, colours. */
  const survey = (id) => {
    const plot = ready(id);
    if (!plot) return null;
    watch(plot);
    const { xaxis, yaxis } = plot._fullLayout;
    const kind = id === "landscape" ? "paths" : "curve";
    const curves = [];
    plot._fullData.forEach((trace, index) => {
      const meta = trace.meta || {};
      if (meta.kind !== kind) return;
      const [x, y] = numbers(plot, id, index);
      curves[meta.contender] = { x, y };
    });
    plot._fullData.forEach((trace) => {
      const { kind: what, contender } = trace.meta || {};
      const curve = curves[contender];
      if (!curve) return;
      if (what === "curve" || what === "path") Object.assign(curve, { color: trace.line.color, dash: trace.line.dash, width: trace.line.width });
      if (what === "name") Object.assign(curve, { ink: trace.textfont.color, size: trace.textfont.size });
      if (what === "dot") curve.name = trace.name;
    });
    return { plot, xaxis, yaxis, curves: curves.filter(Boolean), over: layer(id) };
  };

  const refit = (id) => {
    const seen = survey(id);
    cached[id] = seen;
    if (!seen) return;
    const { over, xaxis, yaxis, curves } = seen;
    over.replaceChildren();
    if (id === "landscape") {
      refitLandscape(seen);
      return;
    }
    // At t/(1−β) one step has as many places as there are β: no line then.
    const same = curves.every((c) => c.x.length === curves[0].x.length && c.x[c.x.length - 1] === curves[0].x[curves[0].x.length - 1]);
    seen.line = same ? svg("line", { class: "cursor-line", y1: yaxis._offset, y2: yaxis._offset + yaxis._length }, over) : null;
    seen.marks = curves.map((curve) => svg("circle", { r: 4, fill: curve.color, class: "cursor-mark" }, over));
    seen.clip = [xaxis._offset, xaxis._offset + xaxis._length, yaxis._offset, yaxis._offset + yaxis._length];
  };

  const place = (seen, curve, k) => [px(seen.xaxis, curve.x[k]), px(seen.yaxis, curve.y[k])];

  /* Where the landscape's own words are, in px of the plot. */
  const wordsOf = (plot) => {
    const home = plot.getBoundingClientRect();
    return plot._fullData.filter((trace) => WORDS.includes((trace.meta || {}).kind)).flatMap((trace) => [...plot.querySelectorAll(`.scatterlayer g.trace${trace.uid} text`)]).filter((text) => text.textContent.trim()).map((text) => {
      const { left, right, top, bottom } = text.getBoundingClientRect();
      return { left: left - home.left, right: right - home.left, top: top - home.top, bottom: bottom - home.top };
    });
  };

  const refitLandscape = (seen) => {
    const { plot, over, xaxis, yaxis, curves } = seen;
    plot._fullData.forEach((trace) => {
      const group = plot.querySelector(`.scatterlayer g.trace${trace.uid}`);
      // said of every group: with another number of traces Plotly gives a group to another one
      if (group) group.style.visibility = HIDDEN.includes((trace.meta || {}).kind) ? "hidden" : "";
    });
    const count = moments ? moments.steps.length : 0;
    const [left, right] = [xaxis._offset, xaxis._offset + xaxis._length];
    const [top, bottom] = [yaxis._offset, yaxis._offset + yaxis._length];
    seen.box = { left, right, top, bottom };
    seen.words = wordsOf(plot);
    const clip = svg("clipPath", { id: "cursor-clip" }, over);
    svg("rect", { x: left, y: top, width: right - left, height: bottom - top }, clip);
    const paths = svg("g", { "clip-path": "url(#cursor-clip)" }, over);
    const arrows = svg("g", { class: "cursor-arrows", "clip-path": "url(#cursor-clip)" }, over);
    const leads = svg("g", {}, over);
    const dots = svg("g", {}, over);
    const back = [...curves].reverse();
    back.forEach((curve) => {
      curve.points = [];
      for (let k = 0; k < count; k += 1) {
        const [x, y] = place(seen, curve, k);
        curve.points.push(Number.isFinite(x) && Number.isFinite(y) ? `${x.toFixed(1)},${y.toFixed(1)}` : curve.points[k - 1] || "0,0");
      }
      const dash = curve.dash && curve.dash !== "solid" ? curve.dash.replaceAll("px", "") : "";
      curve.path = svg("path", { fill: "none", stroke: curve.color, "stroke-width": curve.width, "stroke-dasharray": dash, "stroke-linejoin": "round" }, paths);
      curve.dot = svg("circle", { r: 2.25 * curve.width, fill: curve.color, class: "cursor-mark" }, dots);
    });
    curves.forEach((curve) => {
      curve.lead = svg("path", { fill: "none", stroke: curve.color, "stroke-width": 1 }, leads);
      curve.label = svg("text", { fill: curve.ink, class: "cursor-name", "dominant-baseline": "central" }, dots);
      curve.label.textContent = curve.name || "";
    });
    seen.note = svg("text", { class: "cursor-note", x: right, y: top - 6, "text-anchor": "end" }, over);
    seen.arrows = arrows;
    if (!moments.alone) S.arrows.measure(seen, moments);
  };

  /* Nearest heights at least `gap` apart, order kept: pool adjacent violators. */
  const spread = (wanted, gap, low, high) => {
    const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b] || b - a);
    const pools = [];
    order.forEach((i, rank) => {
      let pool = { mean: wanted[i] - rank * gap, size: 1 };
      while (pools.length && pools[pools.length - 1].mean > pool.mean) {
        const before = pools.pop();
        const size = before.size + pool.size;
        pool = { mean: (before.mean * before.size + pool.mean * pool.size) / size, size };
      }
      pools.push(pool);
    });
    const flat = pools.flatMap(({ mean, size }) => Array(size).fill(mean));
    const last = Math.max(high - gap * (wanted.length - 1), low);
    const out = [];
    order.forEach((i, rank) => { out[i] = Math.min(Math.max(flat[rank], low), last) + rank * gap; });
    return out;
  };

  /* The column of names beside the dots: right of them or left, between the landscape's words. */
  const columnOf = ({ box, words }, dots, size, wide) => {
    const xs = dots.map(([x]) => x);
    const right = Math.max(...xs) + NAMES_OFF;
    const left = Math.min(...xs) - NAMES_OFF;
    const fits = right + wide <= box.right;
    const sides = [fits, !fits].filter((side) => (side ? fits : left - wide >= box.left));
    const laid = (atRight, top, bottom) => {
      const column = atRight ? right : left;
      const from = atRight ? column : column - wide;
      const rows = spread(dots.map(([, y]) => y), 1.3 * size, top + size, bottom - size);
      const named = rows.map((y) => ({ left: from, right: from + wide, top: y - 0.6 * size, bottom: y + 0.6 * size }));
      return { atRight, column, rows, named };
    };
    const meets = (a) => words.some((b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom);
    const tall = 1.3 * size * dots.length;
    const bands = [[box.top, box.bottom], ...words.flatMap((word) => [[box.top, word.top], [word.bottom, box.bottom]])];
    const tried = (sides.length ? sides : [fits]).flatMap((side) => bands.filter(([top, bottom], i) => !i || bottom - top >= tall).map(([top, bottom]) => laid(side, top, bottom)));
    const moved = ({ rows }) => rows.reduce((sum, y, i) => sum + Math.abs(y - dots[i][1]), 0);
    const clear = tried.filter(({ named }) => !named.some(meets));
    const same = clear.filter(({ atRight }) => atRight === clear[0].atRight);
    return same.sort((a, b) => moved(a) - moved(b))[0] || tried[0];
  };

  const drawLandscape = (seen) => {
    const { box, curves } = seen;
    if (!box || !moments) return;
    const k = Math.min(step, moments.steps.length - 1);
    if (curves.some(({ points }) => k >= points.length)) return; // of other numbers: a refresh is due
    const inside = (x, y) => [Math.min(Math.max(x, box.left), box.right), Math.min(Math.max(y, box.top), box.bottom)];
    const dots = curves.map((curve) => inside(...curve.points[k].split(",").map(Number)));
    const size = (curves[0] || {}).size || 11;
    const wide = Math.max(...curves.map((c) => (c.name || "").length)) * size * 0.62;
    const { atRight, column, rows, named } = columnOf(seen, dots, size, wide);
    curves.forEach((curve, i) => {
      const [x, y] = dots[i];
      curve.path.setAttribute("d", `M${curve.points.slice(0, k + 1).join("L")}`);
      curve.dot.setAttribute("cx", x);
      curve.dot.setAttribute("cy", y);
      curve.lead.setAttribute("d", `M${x},${y}L${column},${rows[i]}`);
      curve.label.setAttribute("x", column + (atRight ? 3 : -3));
      curve.label.setAttribute("y", rows[i]);
      curve.label.setAttribute("text-anchor", atRight ? "start" : "end");
      curve.label.style.fontSize = `${size}px`;
    });
    const t = Math.round(moments.steps[k]);
    const said = moments.said && k === S.cursor.race() ? `: ${moments.said}` : "";
    seen.note.textContent = `step ${t.toLocaleString("en")}${said}`;
    if (said && seen.note.getComputedTextLength() > box.right) { // as much of it as there is room for
      seen.note.textContent = seen.note.textContent.split(";")[0];
    }
    S.arrows.draw(seen, moments, dots, k, named);
  };

  const drawTime = (seen) => {
    const { curves, clip, marks, line, xaxis } = seen;
    curves.forEach((curve, i) => {
      const k = Math.min(step, curve.x.length - 1);
      const [x, y] = place(seen, curve, k);
      const shown = x >= clip[0] - 1 && x <= clip[1] + 1 && y >= clip[2] - 1 && y <= clip[3] + 1;
      marks[i].setAttribute("visibility", shown ? "visible" : "hidden");
      if (!shown) return;
      marks[i].setAttribute("cx", x);
      marks[i].setAttribute("cy", y);
    });
    if (!line || !curves.length) return;
    const x = px(xaxis, curves[0].x[Math.min(step, curves[0].x.length - 1)]);
    const shown = x >= clip[0] - 1 && x <= clip[1] + 1;
    line.setAttribute("visibility", shown ? "visible" : "hidden");
    if (shown) ["x1", "x2"].forEach((name) => line.setAttribute(name, x));
  };

  let due = 0;
  S.cursor = {
    /* The recorded step nearest to step t. */
    index: (t) => {
      const { steps } = moments;
      let best = 0;
      for (let k = 1; k < steps.length; k += 1) {
        if (Math.abs(steps[k] - t) < Math.abs(steps[best] - t)) best = k;
      }
      return best;
    },
    /* The first recorded step at which the first contender has escaped. */
    race: () => {
      const past = moments.steps.findIndex((t) => t >= moments.race);
      return past < 0 ? moments.steps.length - 1 : past;
    },
    moments: () => moments,
    take: (given) => {
      moments = { ...given, steps: decode(given.steps), momentum: decode(given.momentum), gradient: decode(given.gradient) };
    },
    /* The newest numbers while the hand moves; null when the figures hold them themselves. */
    frame: (newest) => {
      frame = newest;
    },
    place: (index) => {
      step = index;
      S.GRAPHS.forEach((id) => {
        const seen = cached[id];
        if (!seen || !moments) return;
        if (id === "landscape") drawLandscape(seen);
        else drawTime(seen);
      });
    },
    /* The figures have changed: measure them again, once a frame. */
    refresh: () => {
      if (due) return;
      due = window.requestAnimationFrame(() => {
        due = 0;
        if (!moments) return;
        S.GRAPHS.forEach(refit);
        S.cursor.place(step);
      });
    },
    /* Where the cursor is on each plot, in px: for whoever measures. */
    step: () => (moments ? Math.round(moments.steps[Math.min(step, moments.steps.length - 1)]) : null),
  };
})();
