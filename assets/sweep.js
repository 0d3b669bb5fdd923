/* The Sweep tab: a cell that is pressed opens in Explore. From the keyboard a frame moves from cell to
   cell, over all the maps at once, and what its cell says is read out. */
(() => {
  const S = window.saddlescape;
  const MOVES = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowDown: [-1, 0], ArrowUp: [1, 0] };
  let cell = null; // [row, column]; null: no frame

  const home = () => document.getElementById("sweep-keys");

  const maps = () =>
    [...home().querySelectorAll(".js-plotly-plot")].filter(({ _fullLayout }) => _fullLayout && _fullLayout.xaxis);

  const words = () => {
    const map = maps().flatMap(({ data }) => data).find(({ type }) => type === "heatmap");
    return map ? map.text : [];
  };

  const frame = (plot) => {
    const over = plot.closest(".plot");
    let drawn = over.querySelector(".sweep-frame");
    if (!drawn) {
      drawn = document.createElement("div");
      drawn.className = "sweep-frame";
      over.append(drawn);
      plot.on("plotly_afterplot", place); // filled, zoomed, or another size
    }
    return drawn;
  };

  const edges = (axis, at) => [at - 0.5, at + 0.5].map((value) => axis._offset + axis.d2p(value));

  const place = () =>
    maps().forEach((plot) => {
      const drawn = frame(plot);
      drawn.hidden = cell === null;
      if (cell === null) return;
      const { xaxis, yaxis } = plot._fullLayout;
      const [left, right] = edges(xaxis, cell[1]);
      const [bottom, top] = edges(yaxis, cell[0]);
      Object.assign(drawn.style, { left: `${left}px`, top: `${top}px`, width: `${right - left}px`, height: `${bottom - top}px` });
    });

  const say = () => {
    const text = cell === null ? "" : words()[cell[0]][cell[1]];
    document.getElementById("sweep-cell").textContent = text.replaceAll("<br>", "; ").replace(/<[^>]*>/g, "");
  };

  const within = (value, count) => Math.min(Math.max(value, 0), count - 1);

  const move = ([up, along]) => {
    const rows = words();
    if (!rows.length) return;
    const [row, column] = cell || [rows.length >> 1, rows[0].length >> 1].map((middle, i) => middle - [up, along][i]);
    cell = [within(row + up, rows.length), within(column + along, rows[0].length)];
    place();
    say();
  };

  const ends = { Home: [0, -Infinity], End: [0, Infinity] };

  document.addEventListener("keydown", (event) => {
    if (!event.target.matches || !event.target.matches("#sweep-keys")) return;
    const step = MOVES[event.key] || ends[event.key];
    if (step) move(step);
    else if ((event.key === "Enter" || event.key === " ") && cell) S.gate.push("open", cell);
    else return;
    event.preventDefault();
  });

  document.addEventListener("focusout", (event) => {
    if (!event.target.matches || !event.target.matches("#sweep-keys")) return;
    cell = null;
    place();
    say();
  });

  Object.assign(window.dash_clientside.saddlescape, {
    opened_cell: (pressed) => {
      const [point] = (pressed && pressed.points) || [];
      if (point) S.gate.push("open", [Math.round(point.y), Math.round(point.x)]);
    },
  });
})();
