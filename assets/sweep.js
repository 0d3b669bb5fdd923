/* The Sweep tab: a cell that is pressed opens in Explore. */
(() => {
  const S = window.saddlescape;

  Object.assign(window.dash_clientside.saddlescape, {
    opened_cell: (pressed) => {
      const [point] = (pressed && pressed.points) || [];
      if (point) S.gate.push("open", [Math.round(point.y), Math.round(point.x)]);
    },
  });
})();
