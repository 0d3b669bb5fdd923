/* Return what the names of a time plot overlap, as "name / what", and how many names there are.
   A name is that of a curve or of the escape radius; it may touch no other text, no line (of a
   curve, a law, the radius, another name) and no grid line. */
(id) => {
  const plot = document.querySelector(`#${id} .js-plotly-plot`);
  const home = plot.getBoundingClientRect();
  const boxOf = (element) => {
    const { left, right, top, bottom } = element.getBoundingClientRect();
    return { left: left - home.left, right: right - home.left,
             top: top - home.top, bottom: bottom - home.top };
  };
  const { xaxis, yaxis } = plot._fullLayout;
  const area = { left: xaxis._offset, right: xaxis._offset + xaxis._length,
                 top: yaxis._offset, bottom: yaxis._offset + yaxis._length };
  const isEmpty = ({ left, right }) => right - left < 0.5;
  const overlap = (a, b) =>
    a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  /* Whether the part of a segment inside a box has a length (Liang and Barsky 1984). */
  const crosses = ([x0, y0], [x1, y1], { left, right, top, bottom }) => {
    const sides = [[x0 - x1, x0 - left], [x1 - x0, right - x0],
                   [y0 - y1, y0 - top], [y1 - y0, bottom - y0]];
    let [from, to] = [0, 1];
    for (const [p, q] of sides) {
      if (p === 0 && q <= 0) return false;
      if (p < 0) from = Math.max(from, q / p);
      if (p > 0) to = Math.min(to, q / p);
    }
    return from < to;
  };
  const inside = (box) => ({ left: Math.max(box.left, area.left), top: Math.max(box.top, area.top),
    right: Math.min(box.right, area.right), bottom: Math.min(box.bottom, area.bottom) });

  const layer = plot.closest(".plot").querySelector("svg.cursor");
  const names = [...layer.querySelectorAll("text.curve-name")].map((text) => (
    { said: text.textContent, box: boxOf(text) }));
  const pointsOf = (d, left, top) => {
    const numbers = d.split(/[L, ]/).filter(Boolean).map(Number);
    return Array.from({ length: numbers.length / 2 }, (_, i) => [
      numbers[2 * i] + left, numbers[2 * i + 1] + top]);
  };
  const lines = [...layer.querySelectorAll("path.curve-name")].map((path) => (
    { said: "a leader", points: pointsOf(path.getAttribute("d").slice(1), 0, 0), free: true }));
  const words = [];
  for (const trace of plot._fullData) {
    const group = plot.querySelector(`.scatterlayer g.trace${trace.uid}`);
    if (!group) continue;
    if (trace.fill && trace.fill !== "none") continue; // a band is no line
    for (const path of group.querySelectorAll("path.js-line")) {
      for (const part of path.getAttribute("d").split("M").slice(1)) {
        const points = pointsOf(part, area.left, area.top);
        lines.push({ said: `line of ${trace.meta.kind}`, points, free: false });
      }
    }
  }
  for (const text of plot.querySelectorAll(".gtitle, .annotation text, .xtick text, .ytick text"))
    words.push({ said: `words ${text.textContent}`, box: boxOf(text) });
  for (const grid of plot.querySelectorAll("path.xgrid, path.ygrid, path.zl"))
    words.push({ said: "grid line", box: boxOf(grid) });

  const found = [];
  names.forEach((name, i) => {
    if (isEmpty(name.box)) return;
    for (const word of [...names.slice(0, i), ...words])
      if (overlap(name.box, word.box)) found.push(`${name.said} / ${word.said}`);
    for (const { said, points, free } of lines) {
      const box = free ? name.box : inside(name.box);
      if (box.left >= box.right || box.top >= box.bottom) continue;
      if (points.some((point, k) => k > 0 && crosses(points[k - 1], point, box)))
        found.push(`${name.said} / ${said}`);
    }
    const { width, height } = home;
    if (name.box.left < 0 || name.box.top < 0 || name.box.right > width || name.box.bottom > height)
      found.push(`${name.said} / the plot's edge`);
  });
  for (const { said, box } of words)
    if (box.right > home.width + 0.5 && said !== "grid line") found.push(`${said} / the plot's edge`);
  return { found, names: names.length };
}
