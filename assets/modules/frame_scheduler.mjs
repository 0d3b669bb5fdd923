/**
 * Draws in animation frames: of the values pushed before a frame, only the newest.
 *
 * @typedef {{ request: (act: () => void) => number, cancel: (id: number) => void }} Frames
 *   `request` returns a positive id.
 */

/** @type {Frames} */
const animationFrames = {
  request: (act) => window.requestAnimationFrame(act),
  cancel: (id) => window.cancelAnimationFrame(id),
};

/** @template T */
export class FrameScheduler {
  /** @type {T[]} the waiting value, if any */
  #waiting = [];
  #requested = 0; // id of the requested frame; 0: none
  #draw;
  #frames;

  /**
   * @param {(value: T) => void} draw
   * @param {Frames} [frames]
   */
  constructor(draw, frames = animationFrames) {
    this.#draw = draw;
    this.#frames = frames;
  }

  /** Return whether a value waits to be drawn. */
  get isPending() {
    return this.#waiting.length > 0;
  }

  /** Draw a value in the next frame, instead of one that waits. @param {T} value */
  push(value) {
    this.#waiting = [value];
    if (!this.#requested) this.#request();
  }

  /**
   * Draw after the callbacks that others have requested for the same frame: they read the layout
   * before it is changed.
   */
  postpone() {
    if (!this.#requested) return;
    this.#frames.cancel(this.#requested);
    this.#request();
  }

  /** Draw the waiting value now. */
  flush() {
    const waiting = this.#waiting;
    this.cancel();
    waiting.forEach((value) => {
      this.#draw(value);
    });
  }

  /** Drop the waiting value. */
  cancel() {
    if (this.#requested) this.#frames.cancel(this.#requested);
    this.#requested = 0;
    this.#waiting = [];
  }

  #request() {
    this.#requested = this.#frames.request(() => {
      this.#requested = 0;
      this.flush();
    });
  }
}
