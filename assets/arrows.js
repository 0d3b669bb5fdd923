/* The arrows at the cursor: what the chosen contender's next step is made of. */
(() => {
  const S = (window.saddlescape = window.saddlescape || {});
  const SVG = "http://www.w3.org/2000/svg";
  const TYPICAL = 0.16; // of the landscape's side: how long a typical momentum is drawn
  const LONGEST = 0.4;
  const CHARACTER = 7; // px
  const DOT = 6; // px, half of a contender's
  const units = {}; // contender -> length of its typical momentum in the picture

  S.svg = (name, attributes, home) => {
    const element = document.createElementNS(SVG, name);
    Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
    if (home) home.append(element);
    return element;
  };

  const chosen = (count) => {
    const chip = document.querySelector(".chip.selected");
    const index = chip ? Number(chip.id.split("-").pop()) : count - 1;
    return Math.min(index, count - 1);
  };

  /* A contender's momentum or gradient at recorded step k; null where none was sent. */
  const vector = (moments, flat, contender, k) => {
    const rows = flat.length / 2 / moments.fresh.length;
    const at = 2 * (contender * rows + (k - moments.first));
    return k >= moments.first && k - moments.first < rows ? [flat[at], flat[at + 1]] : null;
  };

  /* The parts of a step: name, words, vector. m_t = β m_{t−1} + g_t (Alg. 1, line 5); where m_t is
     no sum of gradients (fresh is null) there is the step alone. */
  const partsOf = (moments, i, m, g) => {
    const fresh = moments.fresh[i];
    const weights = moments.weights[i];
    const parts = fresh === null ? [] : [
      ["gradient", fresh === 1 ? "−gₜ" : "−(1−β)gₜ", g.map((v) => -fresh * v)],
      ["carried", "−βmₜ₋₁", m.map((v, j) => -(v - fresh * g[j]))],
    ];
    if (weights) parts.push(["step", "step", m.map((v, j) => -(weights[0] * g[j] + weights[1] * v))]);
    return parts;
  };

  /* Where a name may be, the best first: side of the shaft, and how far along it; on neither side it
     is at the tip, while that is on the map. `seen`: how much of the shaft is. */
  const PLACES = {
    gradient: [[1, 0.7], [-1, 0.7]],
    carried: [[-1, 0.7], [1, 0.7]],
    step: [[0, 1], [1, 0.7], [-1, 0.7], [1, 0.35], [-1, 0.35]],
  };

  const inside = ([x, y], { left, right, top, bottom }) => x >= left && x <= right && y >= top && y <= bottom;

  const placed = ([beside, share], { text, from: [x0, y0], along: [ux, uy], long, seen }, edge) => {
    if (beside ? seen < 24 : seen < long) return null;
    const along = beside ? share * seen : long + 10;
    const [at, y] = [x0 + ux * along - beside * uy * 11, y0 + uy * along + beside * ux * 11];
    const toward = beside ? -beside * uy : ux;
    const anchor = toward > 0.3 ? "start" : toward < -0.3 ? "end" : "middle";
    const wide = CHARACTER * text.length;
    const before = { start: 0, middle: wide / 2, end: wide }[anchor];
    const left = Math.min(Math.max(at - before, edge.left + 2), edge.right - wide - 2); // inside the map
    return { x: left + before, y, anchor, left, right: left + wide, top: y - 7, bottom: y + 7 };
  };

  /* From a point to a shaft, in px. */
  const away = (px, py, { from: [x, y], along: [ux, uy], seen }) => {
    const t = Math.min(Math.max((px - x) * ux + (py - y) * uy, 0), seen);
    return Math.hypot(px - x - t * ux, py - y - t * uy);
  };

  const POINTS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

  /* Whether a name's place covers a shaft, or is nearer to it than to its own. */
  const taken = (place, own, other) => {
    const { from: [x, y], along: [ux, uy], seen } = other;
    const covered = POINTS.map((share) => [x + share * seen * ux, y + share * seen * uy]);
    if (covered.some((point) => inside(point, place))) return true;
    return away(place.x, place.y, other) < away(place.x, place.y, own) - 1; // one that it lies on is none
  };

  const name = (arrow, arrows, words, edge) => {
    const meets = (place) => words.some((box) => place.left < box.right && place.right > box.left && place.bottom > box.top && place.top < box.bottom);
    const free = (place) => place && place.top >= edge.top && place.bottom <= edge.bottom && !meets(place)
      && !arrows.some((other) => other !== arrow && taken(place, arrow, other));
    const place = PLACES[arrow.kind].map((place) => placed(place, arrow, edge)).find(free);
    if (!place) return;
    words.push(place);
    S.svg("text", { x: place.x, y: place.y, "text-anchor": place.anchor, "dominant-baseline": "central" }, arrow.group).textContent = arrow.text;
  };

  /* How far along (ux, uy) the map goes on from a dot in it. */
  const room = ([x, y], [ux, uy], { left, right, top, bottom }) => Math.min(
    ux > 0 ? (right - x) / ux : ux < 0 ? (left - x) / ux : Infinity,
    uy > 0 ? (bottom - y) / uy : uy < 0 ? (top - y) / uy : Infinity,
  );

  S.arrows = {
    /* How long a momentum typically is while its path is in the picture: the arrows' scale. */
    measure: ({ curves, box }, moments) => {
      curves.forEach((curve, i) => {
        const lengths = [];
        curve.points.forEach((point, k) => {
          const [x, y] = point.split(",").map(Number);
          const m = vector(moments, moments.momentum, i, k);
          if (m && x >= box.left && x <= box.right && y >= box.top && y <= box.bottom) lengths.push(Math.hypot(...m));
        });
        lengths.sort((a, b) => a - b);
        units[i] = lengths[Math.floor(0.75 * lengths.length)] || units[i] || 1;
      });
    },
    /* At recorded step k; `dots`: px of every contender; `named`: boxes to keep clear of words. */
    draw: ({ arrows, box, xaxis, yaxis }, moments, dots, k, named) => {
      arrows.replaceChildren();
      const i = chosen(moments.fresh.length);
      const m = vector(moments, moments.momentum, i, k);
      const g = vector(moments, moments.gradient, i, k);
      if (!m || !g || !dots[i]) return;
      const side = Math.min(box.right - box.left, box.bottom - box.top);
      const sign = [Math.sign(xaxis.d2p(1) - xaxis.d2p(0)), Math.sign(yaxis.d2p(1) - yaxis.d2p(0))];
      const drawn = partsOf(moments, i, m, g).map(([kind, text, [x, y]]) => {
        const length = Math.hypot(x, y);
        const long = length && Math.min((TYPICAL * length) / (units[i] || 1), LONGEST) * side;
        if (!(long >= 3)) return null; // nor where a run has diverged
        const [ux, uy] = [(sign[0] * x) / length, (sign[1] * y) / length];
        const [x0, y0] = dots[i];
        const [x1, y1] = [x0 + ux * long, y0 + uy * long];
        const head = Math.min(9, 0.5 * long);
        const wing = (s) => `${x1 - head * (ux + s * 0.45 * uy)},${y1 - head * (uy - s * 0.45 * ux)}`;
        const group = S.svg("g", { class: `arrow arrow-${kind}` }, arrows);
        S.svg("path", { d: `M${x0},${y0}L${x1},${y1}M${wing(1)}L${x1},${y1}L${wing(-1)}` }, group);
        const seen = inside([x1, y1], box) ? long : room(dots[i], [ux, uy], box);
        return { kind, text, group, from: dots[i], along: [ux, uy], long, seen };
      }).filter(Boolean);
      const marks = dots.map(([x, y]) => ({ left: x - DOT, right: x + DOT, top: y - DOT, bottom: y + DOT }));
      const words = [...named, ...marks];
      drawn.forEach((arrow) => name(arrow, drawn, words, box));
    },
  };
})();
