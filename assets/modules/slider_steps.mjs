/**
 * Round values of a slider: the values to which a drag snaps, and the steps of its keys. A position
 * is a logarithm, or on a linear slider the value itself (app/state/sliders.py).
 *
 * @typedef {{ low: number, high: number, step: number, scale: string, whole: boolean }} Slider
 *   low, high and step are positions; whole: its values are integers.
 * @typedef {{ read: (position: number) => number, write: (size: number) => number }} Scale
 *   position → the number that is rounded, and back
 */

const DIGITS = 2; // significant digits of the values that keys reach on a log slider
const COARSE = 10; // steps of Shift and an arrow, or of a Page key

/** Of β the rounded number is 1 − β, whose decimals end where those of β do. */
const logarithm = { read: (/** @type {number} */ p) => 10 ** p, write: Math.log10 };
/** @type {Record<string, Scale>} */
const SCALES = {
  linear: { read: (p) => p, write: (size) => size },
  log: logarithm,
  "minus log": logarithm,
  complement: { read: (p) => 10 ** -p, write: (size) => -Math.log10(size) },
};
/** @type {Record<string, number>} key → steps by which it moves */
const KEYS = {
  ArrowRight: 1,
  ArrowUp: 1,
  ArrowLeft: -1,
  ArrowDown: -1,
  PageUp: COARSE,
  PageDown: -COARSE,
};

const clean = (/** @type {number} */ size) => Number(size.toPrecision(12));

const clamp = (/** @type {number} */ position, /** @type {Slider} */ { low, high }) =>
  Math.min(Math.max(position, low), high);

/**
 * Return the distance of a slider's values around a number.
 * @type {(s: Slider, n: number) => number}
 */
function spacing({ scale, step, whole }, size) {
  if (scale === "linear") return step;
  const unit = 10 ** (Math.floor(Math.log10(size)) + 1 - DIGITS);
  return whole ? Math.max(unit, 1) : unit;
}

/**
 * Return the number with the fewest digits in [low, high]: a multiple of the largest of
 * …, 10, 5, 1, 0.5, …; null if no multiple of `least` is within.
 * @type {(low: number, high: number, near: number, least: number) => number | null}
 */
function roundest(low, high, near, least) {
  const top = Math.ceil(Math.log10(Math.max(Math.abs(low), Math.abs(high), least)));
  for (let exponent = top; 10 ** exponent >= least / 2; exponent -= 1) {
    for (const unit of [10 ** exponent, 5 * 10 ** (exponent - 1)]) {
      if (unit < least * (1 - 1e-9)) continue;
      const first = Math.ceil(low / unit - 1e-9);
      const last = Math.floor(high / unit + 1e-9);
      if (first <= last) return Math.min(Math.max(Math.round(near / unit), first), last) * unit;
    }
  }
  return null;
}

/**
 * Return the position of the value with the fewest digits within `tolerance` of a position.
 * @param {Slider} slider
 * @param {number} position
 * @param {number} tolerance in positions
 */
export function snap(slider, position, tolerance) {
  if (position <= slider.low || position >= slider.high) return clamp(position, slider);
  const { read, write } = SCALES[slider.scale];
  const near = read(position);
  const ends = [read(position - tolerance), read(position + tolerance)].sort((a, b) => a - b);
  const isFixed = slider.whole || slider.scale === "linear";
  const least = isFixed ? spacing({ ...slider, whole: true }, 1) : near / 1e3;
  const found = roundest(ends[0], ends[1], near, least);
  const size = found ?? (isFixed ? Math.round(near / least) * least : near);
  return clamp(write(clean(size)), slider);
}

/**
 * Return the next value above (or below) a number.
 * @type {(s: Slider, n: number, up: boolean) => number}
 */
function neighbour(slider, size, up) {
  // A power of ten has finer steps below it than above.
  const unit = spacing(slider, size * (1 + (up ? 1e-9 : -1e-9)));
  const count = up ? Math.floor(size / unit + 1e-6) + 1 : Math.ceil(size / unit - 1e-6) - 1;
  return clean(count * unit);
}

/**
 * Return the position that is some steps away: up to two digits on a log slider, else multiples of
 * its step.
 * @param {Slider} slider
 * @param {number} position
 * @param {number} count
 * @param {number | null} [given] a position between the steps that counts as one
 */
export function stepped(slider, position, count, given = null) {
  const { read, write } = SCALES[slider.scale];
  const isUp = count > 0;
  const grows = slider.scale === "complement" ? !isUp : isUp;
  let at = position;
  for (let k = Math.abs(count); k > 0; k -= 1) {
    const next = clamp(write(neighbour(slider, read(at), grows)), slider);
    const [low, high] = isUp ? [at, next] : [next, at];
    const isBetween = given !== null && low + 1e-9 < given && given < high - 1e-9;
    at = isBetween ? given : next;
  }
  return at;
}

/**
 * Return whether a position has a value that keys reach.
 * @type {(s: Slider, p: number) => boolean}
 */
export function isStep(slider, position) {
  if (position <= slider.low || position >= slider.high) return true;
  return Math.abs(stepped(slider, stepped(slider, position, 1), -1) - position) < 1e-9;
}

/** Return the steps by which a key moves a slider, or 0. @param {KeyboardEvent} event */
export const stepsOf = ({ key, shiftKey }) =>
  (KEYS[key] ?? 0) * (shiftKey && key.startsWith("Arrow") ? COARSE : 1);
