/**
 * How many requests may be in flight while a slider is held: one, or where the network is far as many
 * as keep the server busy, docs/decisions/0023. Times are in ms.
 *
 * @typedef {{ requestStart: number, responseStart: number, transferSize: number }} Timing
 */

const PICTURE = 30; // what server and browser take for a picture, about

/**
 * Return the network's share of an answer: the least time to the first byte of a file of the page.
 * Answers of /live wait for the engine; files do not. 0 if nothing came over the network.
 * @param {Timing[]} files
 */
export function networkDelay(files) {
  const waits = files
    .filter(({ transferSize, responseStart }) => transferSize > 0 && responseStart > 0)
    .map(({ requestStart, responseStart }) => responseStart - requestStart);
  return waits.length ? Math.max(0, Math.min(...waits)) : 0;
}

/** Return the timings of the page and of its files, as the browser has kept them. */
export const loadTimings = () =>
  /** @type {any} */ ([
    ...performance.getEntriesByType("navigation"),
    ...performance.getEntriesByType("resource"),
  ]).filter((/** @type {PerformanceResourceTiming} */ { initiatorType }) =>
    ["navigation", "script", "link", "css"].includes(initiatorType),
  );

export class RequestWindow {
  #delay;
  #most;
  #size = 1;
  #answered = 0; // since the size was changed

  /** @param {number} delay of the network, both ways */
  constructor(delay) {
    this.#delay = delay;
    this.#most = 1 + Math.round(delay / PICTURE);
  }

  /** Number of requests that may be in flight. */
  get size() {
    return this.#size;
  }

  /**
   * Record an answer. The size grows by one a round, and is 1 again once an answer comes late: then
   * the server has others to answer, and more requests would wait.
   * @param {number} took
   */
  record(took) {
    this.#answered += 1;
    if (took > 2 * (this.#delay + PICTURE)) this.#resize(1);
    else if (this.#answered >= this.#size) this.#resize(Math.min(this.#size + 1, this.#most));
  }

  /** @param {number} size */
  #resize(size) {
    this.#size = size;
    this.#answered = 0;
  }
}
