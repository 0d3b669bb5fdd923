/** Requests that are repeated while the server, or the proxy before it, refuses them for overload. */

const BUSY = [429, 503]; // Too Many Requests, Service Unavailable
const FIRST = 200; // ms before the first repetition; each one waits twice as long as the last
const REPETITIONS = 6; // some 13 s in all

const wait = (/** @type {number} */ ms) => new Promise((done) => setTimeout(done, ms));

/**
 * Return the response to a GET; an overloaded server is asked again, so that no last value is lost.
 * @param {string} url
 * @param {{ ask?: typeof fetch, pause?: typeof wait }} [world]
 */
export async function fetchPatiently(url, { ask = fetch, pause = wait } = {}) {
  for (let n = 0; ; n += 1) {
    const response = await ask(url);
    if (!BUSY.includes(response.status) || n === REPETITIONS) return response;
    await pause(FIRST * 2 ** n * (0.5 + Math.random())); // not all readers at the same moment
  }
}
