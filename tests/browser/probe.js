/* `probe`: what the tests read from the page. It is added to every document of a test's tab.
   No other file of the tests names what the page's own scripts export. */
window.probe = (() => {
  const violations = []; // of the Content-Security-Policy
  document.addEventListener("securitypolicyviolation", (event) =>
    violations.push(`${event.violatedDirective} ${event.blockedURI}`));

  /* The page's own modules: an import of the same address gives the same module. */
  let scripts = null; // { plots, cursor, commit, controls }, once they are there
  document.addEventListener("DOMContentLoaded", async () => {
    const config = document.getElementById("client-config");
    if (!config) return; // a page without scripts
    const home = new URL(JSON.parse(config.textContent).modules, window.location.href).href;
    const names = ["plots", "cursor", "commit", "controls"];
    const loaded = await Promise.all(names.map((name) => import(`${home}${name}.mjs`)));
    scripts = Object.fromEntries(names.map((name, i) => [name, loaded[i]]));
  });

  const graphs = () => scripts.plots.graphIds; // ids of the plots of Explore, the landscape first
  const timeGraphs = () => graphs().slice(1);
  const plot = (id) => (scripts ? scripts.plots.getPlot(id) : null); // Plotly's element of a graph
  const cursorStep = () => scripts.cursor.currentStep(); // null before the cursor is placed

  /* No request is queued or in flight, its answer is drawn, and its query is in the address bar:
     while a control is held, both come a little later than the answer. */
  const idle = () =>
    Boolean(scripts) && scripts.controls.queue.isIdle && !scripts.controls.isDrawPending() &&
    location.search.slice(1) === answeredQuery();
  const answeredQuery = () => scripts.controls.queue.query; // of the newest answer
  /* The true figures of the query in the address bar are on the screen, and Dash knows them. */
  const settled = () => Boolean(scripts) && scripts.commit.isSettled();
  /* Every plot of Explore has been drawn by Plotly. */
  const drawn = () =>
    Boolean(scripts) && graphs().length > 0 &&
    graphs().every((id) => {
      const element = plot(id);
      return element && element.querySelector(".scatterlayer .trace") && element._fullLayout;
    });
  /* How many answers of /live have been drawn. */
  const pictures = () => scripts.plots.drawnCount;

  /* How often Plotly has drawn each plot of Explore in one size since `countDraws`. */
  const counts = {};
  const countDraws = () => {
    for (const id of graphs()) {
      let height = plot(id)._fullLayout.height;
      counts[id] = 0;
      plot(id).on("plotly_afterplot", () => {
        counts[id] += Math.abs(plot(id)._fullLayout.height - height) < 1;
        ({ height } = plot(id)._fullLayout);
      });
    }
  };
  const draws = () => counts;

  const axisType = (id) => plot(id)._fullLayout.xaxis.type;
  const axisRange = (id) => plot(id)._fullLayout.xaxis.range;
  const axisLabel = (id) => plot(id).layout.annotations[0].text;
  const hasAxes = (id) => Boolean(plot(id) && plot(id)._fullLayout && plot(id)._fullLayout.xaxis);
  const traceCount = (id) => plot(id).data.length;

  /* A point of a plot in px of the page: `x` on its horizontal axis, `below` px under its top. */
  const point = ([id, x, below]) => {
    const { xaxis, yaxis } = plot(id)._fullLayout;
    const box = plot(id).getBoundingClientRect();
    return [box.left + xaxis._offset + xaxis.d2p(x), box.top + yaxis._offset + below];
  };

  /* Traces of a plot as they came: kind, bytes of the numbers, texts, name. */
  const traces = (id) =>
    plot(id).data.map((trace) => [
      trace.meta.kind, trace.x.bdata, trace.y.bdata, trace.text ?? null, trace.name ?? null,
    ]);
  const hasTraces = ([id, wanted]) => JSON.stringify(traces(id)) === wanted;

  /* The bytes of the first trace of a kind; undefined where there is none. */
  const bytes = ([id, kind]) => {
    const element = plot(id);
    const trace = element && element.data && element.data.find((one) => one.meta.kind === kind);
    return trace && trace.y && (trace.y.bdata || "");
  };
  const hasBytes = ([id, kind, wanted]) => bytes([id, kind]) === wanted;

  /* The cells of a heat map that have a number. */
  const filledCells = (id) => {
    const element = plot(id);
    const map = element && element.data && element.data.find((trace) => trace.type === "heatmap");
    return map ? element.calcdata[0][0].z.flat().filter(Number.isFinite).length : 0;
  };

  /* The figure of a graph as Dash holds it, without Plotly's own marks. */
  const dashFigure = (id) =>
    JSON.stringify(window.dash_component_api.getLayout(id).props.figure, (name, value) =>
      name.startsWith("_") ? undefined : value);

  /* Where the cursor's line is on each plot over time, as a step; null beyond the axis. */
  const cursorLines = () =>
    Object.fromEntries(timeGraphs().map((id) => {
      const line = plot(id).closest(".plot").querySelector(".cursor-line");
      const { xaxis } = plot(id)._fullLayout;
      if (line.getAttribute("visibility") === "hidden") return [id, null];
      return [id, xaxis.p2d(Number(line.getAttribute("x1")) - xaxis._offset)];
    }));
  const cursorPlaced = () =>
    Boolean(scripts) && cursorStep() !== null &&
    document.querySelectorAll(".cursor-line").length === 3;

  /* Draw figures and the cursor of another state into the plots, as they are sized now. */
  const show = async ([figures, cursor]) => {
    for (const [id, { data, layout }] of Object.entries(figures))
      await window.Plotly.react(plot(id), data, layout);
    scripts.cursor.setData(cursor, null);
    scripts.cursor.redraw();
  };

  /* Where the mark of a prediction stands on the distance plot, as a step. */
  const predictedStep = () => {
    const mark = plot("distance").querySelector(".prediction-mark").getBoundingClientRect();
    const { xaxis } = plot("distance")._fullLayout;
    return xaxis.p2d(mark.left - plot("distance").getBoundingClientRect().left - xaxis._offset);
  };

  /* Kinds of the landscape's traces whose marks are on the screen. */
  const shownKinds = () => {
    const element = plot("landscape");
    const shown = (trace) => {
      const group = element.querySelector(`.scatterlayer g.trace${trace.uid}`);
      return group && getComputedStyle(group).visibility === "visible";
    };
    return [...new Set(element._fullData.filter(shown).map((trace) => trace.meta.kind))];
  };

  /* What the cursor draws on the landscape, once for each contender: its name and color, its dot
     in coordinates of the plot, and the boxes of dot and name in px of the page. */
  const mapCursor = () => {
    const { xaxis, yaxis } = plot("landscape")._fullLayout;
    const layer = plot("landscape").closest(".plot").querySelector("svg.cursor");
    const box = (part) => {
      const { left, right, top, bottom } = part.getBoundingClientRect();
      return { left, right, top, bottom };
    };
    const dots = [...layer.querySelectorAll(".cursor-mark")].reverse(); // the first is on top
    return [...layer.querySelectorAll(".cursor-name")].map((name, i) => {
      const [x, y] = dots[i].getAttribute("transform").match(/-?[\d.]+/g).map(Number);
      return {
        name: name.textContent, fill: name.getAttribute("fill"),
        color: dots[i].getAttribute("fill"), dots: dots.length,
        at: [xaxis.p2d(x - xaxis._offset), yaxis.p2d(y - yaxis._offset)],
        pixel: Math.abs(xaxis.p2d(1) - xaxis.p2d(0)), dot: box(dots[i]), label: box(name),
      };
    });
  };

  /* For each optimizer the distinct looks, visibility and opacity, of what a plot draws of it. */
  const looks = (id) => {
    const element = plot(id);
    const out = [];
    const add = (place, part) => {
      const { visibility, opacity } = getComputedStyle(part);
      out[place] ||= new Set();
      out[place].add(`${visibility} ${Math.round(100 * opacity) / 100}`);
    };
    for (const { uid, meta } of element._fullData) {
      const group = element.querySelector(`.scatterlayer g.trace${uid}`);
      if (typeof meta.contender === "number" && group) add(meta.contender, group);
    }
    const drawn = ".cursor-mark, .cursor-name, .curve-name, .points > path, .text > g";
    for (const part of element.closest(".plot").querySelectorAll(drawn)) {
      const place = Number.parseInt(part.dataset.contender, 10);
      if (place >= 0 && part.getAttribute("visibility") !== "hidden") add(place, part);
    }
    return out.map((found) => [...found]);
  };

  /* Where every trace that moves is: "graph index kind part" -> box in px of its plot. */
  const PARTS = {
    line: "path.js-line", fill: "path.js-fill", point: ".points path.point", text: ".text text",
  };
  const boxes = () => {
    const out = {};
    for (const id of graphs()) {
      const home = plot(id).getBoundingClientRect();
      plot(id)._fullData.forEach((trace, index) => {
        const group = plot(id).querySelector(`.scatterlayer g.trace${trace.uid}`);
        if (trace.meta.background || !group) return;
        for (const [name, selector] of Object.entries(PARTS)) {
          if (name === "line" && !(trace.line && trace.line.width)) continue;
          const seen = [...group.querySelectorAll(selector)].filter(
            (part) => name === "text" || name === "point" || part.getTotalLength() > 0.5);
          if (!seen.length) continue;
          const all = seen.map((part) => part.getBoundingClientRect());
          out[`${id} ${index} ${trace.meta.kind} ${name}`] = [
            Math.min(...all.map((box) => box.left)) - home.left,
            Math.min(...all.map((box) => box.top)) - home.top,
            Math.max(...all.map((box) => box.right)) - home.left,
            Math.max(...all.map((box) => box.bottom)) - home.top,
          ];
        }
      });
    }
    return out;
  };

  /* Every plot on the screen has the size of its place. */
  const fitted = () =>
    [...document.querySelectorAll(".js-plotly-plot")].filter((one) => one.offsetParent).every(
      (one) => one._fullLayout && Math.abs(one._fullLayout.width - one.clientWidth) < 1 &&
        Math.abs(one._fullLayout.height - one.clientHeight) < 1);

  return {
    violations, graphs, plot, cursorStep, idle, answeredQuery, settled, drawn, pictures, countDraws,
    draws, axisType, axisRange, axisLabel, hasAxes, traceCount, timeGraphs, point, traces, hasTraces,
    bytes, hasBytes, filledCells, dashFigure, cursorLines, cursorPlaced, predictedStep, shownKinds,
    mapCursor, boxes, fitted, show, looks,
  };
})();
