/** The gesture: which slider is held, by the pointer or by a key, and the number of the gesture. */
import { liveFieldOf } from "./typing.mjs";

let heldSlider = ""; // id of the held slider
let lastKeyed = ""; // slider or field that the last key changed
let gesture = 0;

/** @returns {string} the id of the slider around an element, or "" */
export const sliderOf = (/** @type {EventTarget | null} */ target) =>
  (target instanceof Element && target.closest(".slider")?.id) || "";

export const isHeld = () => heldSlider !== "";
/** Return the id of the held slider, or "". */
export const heldId = () => heldSlider;
/** Return the number of the gesture; each adds one history entry. */
export const gestureNumber = () => gesture;

export function beginGesture() {
  gesture += 1;
}

/** @param {KeyboardEvent} event */
function onKeyDown(event) {
  const slider = sliderOf(event.target);
  const keyed = slider || liveFieldOf(event.target);
  if (!event.repeat && !(keyed && keyed === lastKeyed)) beginGesture();
  lastKeyed = keyed;
  if (slider && event.key !== "Tab") heldSlider = slider;
}

/**
 * Listen to pointer and keys.
 * @param {() => void} onRelease called when a held slider is released
 */
export function start(onRelease) {
  const onPointerDown = (/** @type {PointerEvent} */ event) => {
    beginGesture();
    heldSlider = sliderOf(event.target);
  };
  const release = () => {
    if (!heldSlider) return;
    heldSlider = "";
    onRelease();
  };
  window.addEventListener("pointerdown", onPointerDown, true);
  window.addEventListener("pointerup", release, true);
  window.addEventListener("pointercancel", release, true);
  window.addEventListener("keydown", onKeyDown, true);
  window.addEventListener("keyup", release, true);
  window.addEventListener("blur", release);
}
