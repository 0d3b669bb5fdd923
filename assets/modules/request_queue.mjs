/**
 * Queue of control edits: the newest value of each control wins. One request is in flight, or as
 * many as `most` allows; each holds every edit since its query, so that any may be lost or late.
 */

/**
 * @typedef {Record<string, unknown>} Edits control → value, the last edit last
 * @typedef {{ edits: Edits }} InFlight
 *   The edits that a request has and the one in flight before it has not.
 * @typedef {object} Handlers
 * @property {(query: string, edits: Edits) => Promise<any>} send
 *   Sends edits to a query; resolves to a response with its new `query`.
 * @property {() => number} [most] How many requests may be in flight; 1 by default.
 * @property {(answer: any) => void} received Called before the next request is sent.
 * @property {(answer: any, isPending: (key: string) => boolean) => void} show Displays a response.
 * @property {(error: Error) => void} failed
 * @property {() => void} settled Called after each response or error.
 */

/** Return edits with newer ones, which come last. @type {(before: Edits, after: Edits) => Edits} */
function merged(before, after) {
  const kept = Object.entries(before).filter(([key]) => !(key in after));
  return { ...Object.fromEntries(kept), ...after };
}

export class RequestQueue {
  /** The query of the newest response. */
  #query = "";
  /** @type {Edits} */
  #pending = {};
  /** Whether to send a request even without edits, as the query was replaced. */
  #isReplaced = false;
  /** @type {InFlight[]} whose answers are neither here nor overtaken, the first sent first */
  #inFlight = [];
  #unanswered = 0; // requests without an answer or error, also those that are overtaken
  /** @type {Handlers} */
  #handlers;

  /** @param {Handlers} handlers */
  constructor(handlers) {
    this.#handlers = handlers;
  }

  get query() {
    return this.#query;
  }

  get isIdle() {
    return !this.#unanswered && !this.#hasNews;
  }

  get #hasNews() {
    return this.#isReplaced || Object.keys(this.#pending).length > 0;
  }

  /**
   * Add an edit; it is sent as soon as another request may be in flight.
   * @param {string} key
   * @param {unknown} value
   */
  push(key, value) {
    this.#pending = merged(this.#pending, { [key]: value });
    this.#pump();
  }

  /** Set the query of the newest response. @param {string} query */
  setQuery(query) {
    this.#query = query;
  }

  /** Drop pending edits and request another query (Back, Forward). @param {string} query */
  replaceQuery(query) {
    this.#query = query;
    this.#pending = {};
    this.#inFlight = [];
    this.#isReplaced = true;
    this.#pump();
  }

  async #pump() {
    if (!this.#hasNews || this.#unanswered >= (this.#handlers.most?.() ?? 1)) return;
    const request = { edits: this.#pending };
    const edits = [...this.#inFlight, request].reduce(
      (all, one) => merged(all, one.edits),
      /** @type {Edits} */ ({}),
    );
    this.#pending = {};
    this.#isReplaced = false;
    this.#inFlight.push(request);
    this.#unanswered += 1;
    const { answer, error } = await this.#request(edits);
    this.#unanswered -= 1;
    const place = this.#inFlight.indexOf(request);
    const isCurrent = place >= 0; // neither overtaken nor of a query that was replaced
    if (isCurrent && error) {
      this.#inFlight.splice(place, 1);
      const next = this.#inFlight[place]; // which was sent with the lost edits too
      if (next) next.edits = merged(request.edits, next.edits);
      this.#handlers.failed(error);
    } else if (isCurrent) {
      this.#inFlight.splice(0, place + 1);
      this.#query = answer.query;
      this.#handlers.received(answer);
    }
    this.#pump(); // the next request is sent before this response is drawn
    if (isCurrent && !error) this.#handlers.show(answer, (key) => key in this.#pending);
    this.#handlers.settled();
  }

  /** @param {Edits} edits */
  async #request(edits) {
    try {
      return { answer: await this.#handlers.send(this.#query, edits) };
    } catch (error) {
      return { error: /** @type {Error} */ (error) };
    }
  }
}
