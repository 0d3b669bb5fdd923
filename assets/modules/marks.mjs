/** Symbols of points, one for each place of a race (app/theme.py): SVG paths around the origin. */

/** @type {Record<string, number[][]>} symbol → its corners, in units of its radius */
const CORNERS = {
  cross: [
    ...[
      [-0.4, -1.2],
      [0.4, -1.2],
      [0.4, -0.4],
      [1.2, -0.4],
      [1.2, 0.4],
      [0.4, 0.4],
    ],
    ...[
      [0.4, 1.2],
      [-0.4, 1.2],
      [-0.4, 0.4],
      [-1.2, 0.4],
      [-1.2, -0.4],
      [-0.4, -0.4],
    ],
  ],
  "triangle-up": [
    [-1.15, 0.8],
    [0, -1.2],
    [1.15, 0.8],
  ],
  diamond: [
    [0, -1.3],
    [1.3, 0],
    [0, 1.3],
    [-1.3, 0],
  ],
  "triangle-down": [
    [-1.15, -0.8],
    [0, 1.2],
    [1.15, -0.8],
  ],
  square: [
    [-0.95, -0.95],
    [0.95, -0.95],
    [0.95, 0.95],
    [-0.95, 0.95],
  ],
  pentagon: regular(5, 1.15),
  star: regular(10, 1.4, 0.6),
  hourglass: [
    [-1.3, -1.3],
    [1.3, -1.3],
    [-1.3, 1.3],
    [1.3, 1.3],
  ],
};

/** Return corners around the origin, the first on top; every second one `inner` from it. */
function regular(/** @type {number} */ count, /** @type {number} */ outer, inner = outer) {
  return Array.from({ length: count }, (_, i) => {
    const turn = (2 * Math.PI * i) / count;
    const r = i % 2 ? inner : outer;
    return [r * Math.sin(turn), -r * Math.cos(turn)];
  });
}

/**
 * Return the `d` of a symbol of radius r; of a circle if it has no corners.
 * @param {string} symbol
 * @param {number} r px
 */
export function symbolPath(symbol, r) {
  const corners = CORNERS[symbol];
  if (!corners) return `M${-r},0A${r},${r} 0 1 1 ${r},0A${r},${r} 0 1 1 ${-r},0Z`;
  const points = corners.map(([x, y]) => `${(r * x).toFixed(2)},${(r * y).toFixed(2)}`);
  return `M${points.join("L")}Z`;
}

/** Move a mark. @type {(mark: Element, x: number, y: number) => void} */
export const placeMark = (mark, x, y) => mark.setAttribute("transform", `translate(${x},${y})`);
