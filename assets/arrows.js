/* The arrows at the cursor: what the chosen contender's next step is made of. */
(() => {
  const S = (window.saddlescape = window.saddlescape || {});
  const SVG = "http://www.w3.org/2000/svg";
  const TYPICAL = 0.16; // of the landscape's side: how long a typical momentum is drawn
  const LONGEST = 0.4;
  const CHARACTER = 7; // px
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

  /* The parts of a step: name, words, vector. m_t = β m_{t−1} + g_t (Alg. 1, line 5). */
  const partsOf = (moments, i, m, g) => {
    const fresh = moments.fresh[i];
    const weights = moments.weights[i];
    const parts = [
      ["gradient", fresh === 1 ? "−gₜ" : "−(1−β)gₜ", g.map((v) => -fresh * v)],
      ["carried", "−βmₜ₋₁", m.map((v, j) => -(v - fresh * g[j]))],
    ];
    if (weights) parts.push(["step", "step", m.map((v, j) => -(weights[0] * g[j] + weights[1] * v))]);
    return parts;
  };

  /* A name is beside its shaft, on one side or the other; the step's at its tip, while that is on
     the map. `seen`: how much of the shaft is. */
  const SIDES = { gradient: [1, -1], carried: [-1, 1], step: [0, 1, -1] };

  const inside = ([x, y], { left, right, top, bottom }) => x >= left && x <= right && y >= top && y <= bottom;

  const placed = (beside, text, [x0, y0], [ux, uy], { long, seen }, edge) => {
    if (beside ? seen < 24 : seen < long) return null;
    const along = beside ? 0.7 * seen : long + 10;
    const [at, y] = [x0 + ux * along - beside * uy * 11, y0 + uy * along + beside * ux * 11];
    const toward = beside ? -beside * uy : ux;
    const anchor = toward > 0.3 ? "start" : toward < -0.3 ? "end" : "middle";
    const wide = CHARACTER * text.length;
    const before = { start: 0, middle: wide / 2, end: wide }[anchor];
    const left = Math.min(Math.max(at - before, edge.left + 2), edge.right - wide - 2); // inside the map
    return { x: left + before, y, anchor, left, right: left + wide, top: y - 7, bottom: y + 7 };
  };

  const name = (group, text, kind, from, along, lengths, taken, edge) => {
    const free = (place) => place && place.top >= edge.top && place.bottom <= edge.bottom
      && !taken.some((box) => place.left < box.right && place.right > box.left && place.bottom > box.top && place.top < box.bottom);
    const place = SIDES[kind].map((side) => placed(side, text, from, along, lengths, edge)).find(free);
    if (!place) return;
    taken.push(place);
    S.svg("text", { x: place.x, y: place.y, "text-anchor": place.anchor, "dominant-baseline": "central" }, group).textContent = text;
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
      const taken = [...named];
      const sign = [Math.sign(xaxis.d2p(1) - xaxis.d2p(0)), Math.sign(yaxis.d2p(1) - yaxis.d2p(0))];
      partsOf(moments, i, m, g).forEach(([kind, text, [x, y]]) => {
        const length = Math.hypot(x, y);
        if (!length) return;
        const long = Math.min((TYPICAL * length) / (units[i] || 1), LONGEST) * side;
        if (long < 3) return;
        const [ux, uy] = [(sign[0] * x) / length, (sign[1] * y) / length];
        const [x0, y0] = dots[i];
        const [x1, y1] = [x0 + ux * long, y0 + uy * long];
        const head = Math.min(9, 0.5 * long);
        const wing = (s) => `${x1 - head * (ux + s * 0.45 * uy)},${y1 - head * (uy - s * 0.45 * ux)}`;
        const group = S.svg("g", { class: `arrow arrow-${kind}` }, arrows);
        S.svg("path", { d: `M${x0},${y0}L${x1},${y1}M${wing(1)}L${x1},${y1}L${wing(-1)}` }, group);
        const seen = inside([x1, y1], box) ? long : room(dots[i], [ux, uy], box);
        name(group, text, kind, dots[i], [ux, uy], { long, seen }, taken, box);
      });
    },
  };
})();
