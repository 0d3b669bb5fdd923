/**
 * Buttons and links that edit the page: their data attributes hold the edits (`data-edit`), the key of
 * a number to draw (`data-dice`), or close the notice (`data-dismiss`).
 */
import { notify, pushEdit } from "./controls.mjs";

/** Add the edits in the data attributes of a clicked button or link. @param {MouseEvent} event */
function onClick(event) {
  const { target } = event;
  const selector = "[data-edit],[data-dice],[data-dismiss]";
  /** @type {HTMLElement | null} */
  const button = target instanceof Element ? target.closest(selector) : null;
  if (!button) return;
  const { edit, dice, dismiss } = button.dataset;
  const opensElsewhere = event.ctrlKey || event.metaKey || event.shiftKey; // a link in a new tab
  if (button.tagName === "A" && opensElsewhere) return;
  if (button.tagName === "A") event.preventDefault();
  if (edit) for (const [key, value] of Object.entries(JSON.parse(edit))) pushEdit(key, value);
  if (dice) pushEdit(dice, String(Math.floor(Math.random() * 10000))); // short, easy to say aloud
  if (dismiss) notify("");
}

/** Listen to clicks. */
export function start() {
  document.addEventListener("click", onClick);
}
