/**
 * How many requests may be in flight while a slider is held: one, or where the network is far as many
 * as keep the server busy, docs/decisions/0023. Times are in ms.
 *
 * @typedef {{ requestStart: number, responseStart: number, transferSize: number }} Timing
 */

const PICTURE = 30; // what server and browser take for a picture, about
const PROBES = 3;

/**
 * Return the network's share of an answer: the least time to the first byte of a file of the page.
 * Answers of /live wait for the engine; files do not. NaN if all files came from the cache.
 * @param {Timing[]} files
 */
export function networkDelay(files) {
  const waits = files
    .filter(({ transferSize, responseStart }) => transferSize > 0 && responseStart > 0)
    .map(({ requestStart, responseStart }) => responseStart - requestStart);
  return waits.length ? Math.max(0, Math.min(...waits)) : Number.NaN;
}

/** Return the timings of the page's files, as the browser has kept them. */
const fileTimings = () =>
  /** @type {PerformanceResourceTiming[]} */ (performance.getEntriesByType("resource")).filter(
    ({ initiatorType }) => ["script", "link", "css"].includes(initiatorType),
  );

/**
 * Return the least time of some requests for which the server computes nothing.
 * @param {string} url
 */
async function leastTime(url) {
  let least = Number.POSITIVE_INFINITY;
  for (let n = 0; n < PROBES; n += 1) {
    const began = performance.now();
    await fetch(url, { cache: "no-store" });
    least = Math.min(least, performance.now() - began);
  }
  return least;
}

/** Return a window whose delay is, or will be, measured. @param {string} healthUrl */
export function measuredWindow(healthUrl) {
  const opened = new RequestWindow(networkDelay(fileTimings()));
  if (!opened.isMeasured) leastTime(healthUrl).then((took) => opened.learn(took), console.warn);
  return opened;
}

export class RequestWindow {
  #delay = Number.NaN;
  #most = 1;
  #size = 1;
  #answered = 0; // since the size was changed

  /** @param {number} delay of the network, both ways; NaN if it is not known yet */
  constructor(delay) {
    if (!Number.isNaN(delay)) this.learn(delay);
  }

  /** Set the delay of the network. @param {number} delay */
  learn(delay) {
    this.#delay = delay;
    this.#most = 1 + Math.round(delay / PICTURE);
  }

  /** Whether the delay of the network is known. */
  get isMeasured() {
    return !Number.isNaN(this.#delay);
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
