/**
 * The page's URL and its query string.
 *
 * @typedef {{ now: () => number, after: (wait: number, act: () => void) => number,
 *   cancel: (id: number) => void }} Clock
 *   Times in ms; `after` returns the id of a timer.
 */
const INTERVAL = 500; // ms between two queries in the address bar while a control is held

/** @type {Clock} */
const systemClock = {
  now: () => window.performance.now(),
  after: (wait, act) => window.setTimeout(act, wait),
  cancel: (id) => window.clearTimeout(id),
};

/**
 * Calls a function at most once an interval: at once for the first value, then for the newest.
 * @template T
 */
export class Throttle {
  #last = -Infinity; // time after the last call
  /** @type {{ value: T, timer: number } | null} */
  #waiting = null;
  #act;
  #interval;
  #clock;

  /**
   * @param {(value: T) => void} act
   * @param {number} interval ms
   * @param {Clock} [clock]
   */
  constructor(act, interval, clock = systemClock) {
    this.#act = act;
    this.#interval = interval;
    this.#clock = clock;
  }

  /** Act on a value as soon as the interval has passed. @param {T} value */
  push(value) {
    if (this.#waiting) {
      this.#waiting.value = value;
      return;
    }
    const wait = this.#last + this.#interval - this.#clock.now();
    if (wait <= 0) this.now(value);
    else this.#waiting = { value, timer: this.#clock.after(wait, () => this.flush()) };
  }

  /** Act on a value now, in place of one that waits. @param {T} value */
  now(value) {
    this.cancel();
    this.#act(value);
    this.#last = this.#clock.now();
  }

  /** Act on the waiting value now. */
  flush() {
    if (this.#waiting) this.now(this.#waiting.value);
  }

  /** Drop the waiting value. */
  cancel() {
    if (this.#waiting) this.#clock.cancel(this.#waiting.timer);
    this.#waiting = null;
  }
}

/** Return the query of the page's URL, without its "?". */
export const currentQuery = () => window.location.search.slice(1);

const pathWith = (/** @type {string} */ query) =>
  window.location.pathname + (query ? `?${query}` : "");

/** @type {Throttle<string>} */
const replacement = new Throttle(
  (query) => window.history.replaceState(null, "", pathWith(query)),
  INTERVAL,
);

/** Replace the query in the current entry of the history. @param {string} query */
export const replaceQuery = (query) => replacement.now(query);

/**
 * Replace the query at most twice a second: a call takes milliseconds, and browsers limit their
 * number.
 * @param {string} query
 */
export const replaceQuerySoon = (query) => replacement.push(query);

/** Write the query that waits, if one does. */
export const flushQuery = () => replacement.flush();

/** Drop the query that waits, if one does. */
export const cancelQuery = () => replacement.cancel();

/** Add an entry with this query to the history. @param {string} query */
export function pushQuery(query) {
  cancelQuery();
  window.history.pushState(null, "", pathWith(query));
}

/**
 * Return the step `t` of a query, or null.
 * @param {string} query
 */
export function stepOf(query) {
  const given = new URLSearchParams(query).get("t");
  return given !== null && /^\d+$/.test(given) ? Number(given) : null;
}

const parts = (/** @type {string} */ query) => query.split("&").filter(Boolean);
const keyOf = (/** @type {string} */ part) => part.split("=")[0];

/**
 * Return the query with step `t`, or without one if `t` is null.
 * @param {string} query
 * @param {number | null} t
 * @param {string[]} laterKeys keys that come after `t` in a canonical query
 */
export function withStep(query, t, laterKeys) {
  const kept = parts(query).filter((part) => keyOf(part) !== "t");
  if (t === null) return kept.join("&");
  const after = kept.findIndex((part) => laterKeys.includes(keyOf(part)));
  kept.splice(after < 0 ? kept.length : after, 0, `t=${t}`);
  return kept.join("&");
}

/**
 * Return the link to a query with some controls hidden, in a view.
 * @param {string} base URL of the page, without a query
 * @param {string} query
 * @param {string[]} hidden keys of the controls to hide
 * @param {string} view "page", "present" or "embed"
 */
export function shareLink(base, query, hidden, view) {
  const kept = parts(query).filter((part) => !["hide", "view"].includes(keyOf(part)));
  if (hidden.length) kept.push(`hide=${hidden.join(",")}`);
  if (view !== "page") kept.push(`view=${view}`);
  return kept.length ? `${base}?${kept.join("&")}` : base;
}
