/**
 * Touch: a finger that moves down or up over a slider or a plot scrolls the page; along a slider it
 * moves the thumb. The browser decides which by `touch-action` (assets/touch.css). Zooming a plot
 * is left to the mouse: two fingers zoom the page.
 */
const SLOP = 6; // px, movement of a finger before it has a direction
const THUMB = 24; // px, width of the time bar's thumb

/** @typedef {(event: PointerEvent, phase: "begin" | "move" | "end") => void} Follow */
/** @type {{ pointer: number, x: number, y: number, follow: Follow, isMoving: boolean } | null} */
let drag = null; // a finger on a slider or on the time bar

/** Keep sliders and Plotly from taking a touch at once: they get the mouse events of a tap. */
function onTouchStart(/** @type {TouchEvent} */ event) {
  const { target } = event;
  if (target instanceof Element && target.closest(".slider, .plot")) event.stopPropagation();
}

/**
 * Return a function that moves a slider, which listens to mouse events.
 * @type {(slider: Element, target: Element, x: number) => Follow}
 */
function followSlider(slider, target, x) {
  const track = /** @type {Element} */ (slider.firstElementChild);
  const thumb = target.closest("[role=slider]")?.getBoundingClientRect();
  const shift = thumb ? thumb.left + thumb.width / 2 - x : 0; // a thumb stays under the finger
  const types = { begin: "mousedown", move: "mousemove", end: "mouseup" };
  return ({ clientX, clientY }, phase) => {
    const at = { clientX: clientX + shift, clientY, bubbles: true, cancelable: true };
    const on = phase === "begin" ? track : document;
    on.dispatchEvent(new MouseEvent(types[phase], at));
  };
}

/**
 * Set the time bar to the place of a pointer.
 * @type {(range: HTMLInputElement, x: number) => void}
 */
function setTime(range, x) {
  const { left, width } = range.getBoundingClientRect();
  const share = (x - left - THUMB / 2) / (width - THUMB);
  range.value = String(Math.round(share * Number(range.max))); // the browser keeps it in bounds
  range.dispatchEvent(new Event("input"));
}

/** @type {(range: HTMLInputElement) => Follow} */
const followTime =
  (range) =>
  ({ clientX }, phase) => {
    if (phase === "end") range.dispatchEvent(new Event("change"));
    else setTime(range, clientX);
  };

/**
 * Return the time bar around an element, if it leaves the pointer to this module.
 * @param {Element} target
 * @returns {HTMLInputElement | null | undefined}
 */
const timeRange = (target) =>
  target.matches(".time-range") ? null : target.closest(".time-track")?.querySelector("input");

/** @type {(target: Element, event: PointerEvent) => Follow | null} */
function followerOf(target, { pointerType, clientX }) {
  const slider = target.closest(".slider");
  if (slider && pointerType !== "mouse") return followSlider(slider, target, clientX);
  const range = timeRange(target);
  return range ? followTime(range) : null;
}

/** @param {PointerEvent} event */
function onPointerDown(event) {
  const { target, pointerId, clientX, clientY } = event;
  const follow = target instanceof Element ? followerOf(target, event) : null;
  drag = follow && { pointer: pointerId, x: clientX, y: clientY, follow, isMoving: false };
}

/** @param {PointerEvent} event */
function onPointerMove(event) {
  if (!drag || event.pointerId !== drag.pointer) return;
  const [along, across] = [event.clientX - drag.x, event.clientY - drag.y].map(Math.abs);
  if (!drag.isMoving) {
    if (Math.max(along, across) < SLOP) return;
    if (across > along && event.pointerType !== "mouse") {
      drag = null;
      return;
    }
    drag.isMoving = true;
    drag.follow(event, "begin");
  }
  drag.follow(event, "move");
}

/** @param {PointerEvent} event */
function onPointerEnd(event) {
  if (drag?.isMoving && event.pointerId === drag.pointer) drag.follow(event, "end");
  drag = null;
}

/** Take a tap on the time bar; no click follows a finger that has scrolled. */
function onClick(/** @type {MouseEvent} */ { target, clientX }) {
  const range = target instanceof Element ? timeRange(target) : null;
  if (!range) return;
  setTime(range, clientX);
  range.dispatchEvent(new Event("change"));
}

/** Listen to fingers. */
export function start() {
  window.addEventListener("touchstart", onTouchStart, { capture: true, passive: true });
  window.addEventListener("pointerdown", onPointerDown, true);
  window.addEventListener("pointermove", onPointerMove, true);
  window.addEventListener("pointerup", onPointerEnd, true);
  window.addEventListener("pointercancel", onPointerEnd, true);
  document.addEventListener("click", onClick);
}
