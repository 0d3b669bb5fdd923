/**
 * Moves of a slider: a drag snaps to the roundest value within a pixel, and keys go from one round
 * value to the next. Dash itself reports a dragged value only on release.
 */
import * as controls from "./controls.mjs";
import { sliderOf } from "./gesture.mjs";
import { isStep, snap, stepped, stepsOf } from "./slider_steps.mjs";

/** @type {ClientConfig} */
let config;
let trackWidth = Infinity; // px, of the slider under the pointer when it was pressed
/** @type {{ id: string, position: number, text: string } | null} */
let given = null; // the focused slider's value before its keys moved it, if that is not round

/** @param {string} id */
const sliderWith = (id) => config.sliders[controls.keyOf(id)];

/** Return the text in a slider's field. @param {string} id */
function fieldText(id) {
  const field = document.getElementById(`field-${controls.keyOf(id)}`);
  return field instanceof HTMLInputElement ? field.value : "";
}

/** Add edits for moved thumbs. @param {MutationRecord[]} records */
function onThumbsMoved(records) {
  for (const { target } of records) {
    const id = sliderOf(target);
    const slider = sliderWith(id);
    const position = Number(/** @type {Element} */ (target).getAttribute("aria-valuenow"));
    if (!slider || controls.shownValue(id) === position) continue;
    const perPixel = (slider.high - slider.low) / trackWidth;
    const tolerance = Math.max(perPixel, slider.step) / 2;
    controls.recordValue(id, position);
    controls.pushEdit(controls.keyOf(id), snap(slider, position, tolerance));
  }
}

/**
 * Move the focused slider by a key; Home and End are the slider's own.
 * @param {KeyboardEvent} event
 */
function onKeyDown(event) {
  const id = sliderOf(event.target);
  const count = event.ctrlKey || event.metaKey || event.altKey ? 0 : stepsOf(event);
  if (!id || !count || !sliderWith(id)) return;
  event.preventDefault();
  event.stopPropagation(); // the slider would move by its own step
  const slider = sliderWith(id);
  const from = controls.shownValue(id);
  if (given?.id !== id)
    given = isStep(slider, from) ? null : { id, position: from, text: fieldText(id) };
  const to = stepped(slider, from, count, given?.position ?? null);
  if (to === from) return;
  controls.recordValue(id, to);
  controls.setDashProps(id, { value: to });
  controls.pushEdit(controls.keyOf(id), given && to === given.position ? given.text : to);
}

const forget = () => {
  given = null;
};

/** @param {PointerEvent} event */
function onPointerDown({ target }) {
  forget();
  const track = target instanceof Element ? target.closest(".slider")?.firstElementChild : null;
  trackWidth = track?.getBoundingClientRect().width || Infinity;
}

/** @param {ClientConfig} givenConfig */
export function start(givenConfig) {
  config = givenConfig;
  new MutationObserver(onThumbsMoved).observe(document, {
    subtree: true,
    attributes: true,
    attributeFilter: ["aria-valuenow"],
  });
  window.addEventListener("keydown", onKeyDown, true);
  window.addEventListener("pointerdown", onPointerDown, true);
  document.addEventListener("focusout", forget);
}
