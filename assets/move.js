/* Moves the traces of a plot that is already drawn: new coordinates for the SVG that Plotly made.

   Plotly.animate, even without a redraw, works out every default of every trace again: four fifths
   of a step. The looks are the same here by agreement (draw.js), so only positions change, and each
   trace is found by its uid. What this cannot do it answers with false: Plotly draws then. */
(() => {
  const S = (window.saddlescape = window.saddlescape || {});
  const SVG = "http://www.w3.org/2000/svg";

  const pixels = (axis, values) => {
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
  };

  const shown = (x, y, i) => Number.isFinite(x[i]) && Number.isFinite(y[i]);
  const bounded = (v) => Math.min(Math.max(v, -1e5), 1e5);

  const outline = (x, y) => {
    const parts = [];
    let pen = "M";
    for (let i = 0; i < x.length; i += 1) {
      if (shown(x, y, i)) {
        parts.push(pen, bounded(x[i]), ",", bounded(y[i]));
        pen = "L";
      } else {
        pen = "M";
      }
    }
    return parts.join("");
  };

  /* Plotly draws one path a stretch between gaps: the first takes all of them. */
  const redraw = (paths, d) => {
    paths.forEach((path, i) => path.setAttribute("d", i ? "M0,0" : d || "M0,0"));
    return paths.length > 0 || !d;
  };

  const line = (group, trace, d, clip) => {
    const layer = group.querySelector("g.lines");
    let paths = layer.querySelectorAll("path.js-line");
    if (!paths.length && d) {
      const path = document.createElementNS(SVG, "path");
      const { color, width, dash } = trace.line;
      path.setAttribute("class", "js-line");
      if (trace.cliponaxis !== false) path.setAttribute("clip-path", clip);
      path.style.cssText = `vector-effect:non-scaling-stroke;fill:none;stroke:${color};stroke-width:${width}px;` +
        (dash && dash !== "solid" ? `stroke-dasharray:${dash};` : "");
      layer.append(path);
      paths = [path];
    }
    return redraw([...paths], d);
  };

  const points = (group, x, y) => {
    const marks = group.querySelectorAll(".points > path.point");
    const places = [...x.keys()].filter((i) => shown(x, y, i));
    if (marks.length !== places.length) return false;
    marks.forEach((mark, k) => {
      mark.setAttribute("transform", `translate(${x[places[k]]},${y[places[k]]})`);
    });
    return true;
  };

  /* A label stands at its point; its group carries Plotly's offset from there. */
  const words = (group, text, x, y) => {
    const labels = group.querySelectorAll(".text text");
    const said = (i) => String((Array.isArray(text) ? text[i] : text) || "");
    const places = [...x.keys()].filter((i) => said(i) && shown(x, y, i));
    if (labels.length !== places.length) return false;
    return places.every((i, k) => {
      const label = labels[k];
      if (label.dataset.unformatted.trim() !== said(i).trim()) {
        if (label.firstElementChild || said(i).includes("<")) return false;
        label.textContent = said(i);
        label.dataset.unformatted = said(i);
      }
      label.setAttribute("x", x[i]);
      label.setAttribute("y", y[i]);
      return true;
    });
  };

  S.move = (plot, part, arrays) => {
    const { xaxis, yaxis, _uid: uid } = plot._fullLayout;
    const clip = `url(#clip${uid}xyplot)`;
    return part.traces.every((index, k) => {
      const trace = plot._fullData[index];
      if (!trace || trace.visible !== true) return false;
      const x = pixels(xaxis, arrays[part.x[k]]);
      const y = pixels(yaxis, arrays[part.y[k]]);
      const group = plot.querySelector(`.scatterlayer g.trace${trace.uid}`);
      if (!group) return !outline(x, y);
      if (trace.fill && trace.fill !== "none") {
        const fills = group.querySelectorAll("path.js-fill");
        return redraw([...fills], outline(x, y) && `${outline(x, y)}Z`);
      }
      const does = (what) => trace.mode.includes(what);
      return (
        (!does("lines") || line(group, trace, outline(x, y), clip)) &&
        (!does("markers") || points(group, x, y)) &&
        (!does("text") || words(group, part.text[k], x, y))
      );
    });
  };
})();
