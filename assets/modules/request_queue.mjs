/** Queue of control edits: one request in flight; the newest value of each control wins. */

/**
 * @typedef {object} Handlers
 * @property {(query: string, edits: Record<string, unknown>) => Promise<any>} send
 *   Sends edits to a query; resolves to a response with its new `query`.
 * @property {(answer: any) => void} received Called before the next request is sent.
 * @property {(answer: any, isPending: (key: string) => boolean) => void} show Displays a response.
 * @property {(error: Error) => void} failed
 * @property {() => void} settled Called after each response or error.
 */

export class RequestQueue {
  /** The query of the newest response. */
  #query = "";
  /** @type {Record<string, unknown>} control → newest value, the last edit last */
  #pending = {};
  /** Whether to send a request even without edits, as the query was replaced. */
  #replaced = false;
  #inFlight = false;
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
    return !this.#inFlight && !this.#replaced && Object.keys(this.#pending).length === 0;
  }

  /**
   * Add an edit; it is sent as soon as no request is in flight.
   * @param {string} key
   * @param {unknown} value
   */
  push(key, value) {
    delete this.#pending[key]; // so that the newest edit is the last one
    this.#pending[key] = value;
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
    this.#replaced = true;
    this.#pump();
  }

  async #pump() {
    if (this.#inFlight || this.isIdle) return;
    const edits = this.#pending;
    this.#pending = {};
    this.#replaced = false;
    this.#inFlight = true;
    const { answer, error } = await this.#request(edits);
    this.#inFlight = false;
    const stale = this.#replaced; // the query was replaced while the request was in flight
    if (error) {
      this.#handlers.failed(error);
    } else {
      if (!stale) this.#handlers.received(answer);
      this.#pump(); // the next request is sent before this response is drawn
      if (!stale) this.#handlers.show(answer, (key) => key in this.#pending);
    }
    this.#handlers.settled();
  }

  /** @param {Record<string, unknown>} edits */
  async #request(edits) {
    try {
      const answer = await this.#handlers.send(this.#query, edits);
      if (!this.#replaced) this.#query = answer.query;
      return { answer };
    } catch (error) {
      return { error: /** @type {Error} */ (error) };
    }
  }
}
