/** Keyboard shortcuts: a key clicks a visible button (app/components/client_config.py). */
import { pushEdit } from "./controls.mjs";

/** @type {ClientConfig} */
let config;

/** @param {HTMLElement | null | undefined} element */
const isShown = (element) => Boolean(element && element.offsetParent !== null);

/** @param {HTMLElement | undefined} element */
function clickOn(element) {
  element?.click();
  return element !== undefined;
}

/** @type {(selector: string) => HTMLElement[]} */
const shownElements = (selector) =>
  [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(selector))].filter(isShown);

function nextTheme() {
  const now = config.themes.indexOf(document.documentElement.dataset.theme || "");
  pushEdit("theme", config.themes[(now + 1) % config.themes.length]);
  return true;
}

function leavePresenter() {
  const isPresented = document.querySelector(".page.view-present") !== null;
  if (isPresented) pushEdit("view", "");
  return isPresented;
}

/** Leave the presenter's view in place: its link opens another tab elsewhere. */
function onClick(/** @type {MouseEvent} */ event) {
  const { target, ctrlKey, metaKey, shiftKey } = event;
  const link = target instanceof Element && target.closest(".view-present .whole-page");
  if (link && !(ctrlKey || metaKey || shiftKey) && leavePresenter()) event.preventDefault();
}

/** Handle a key; return whether it has an action. @param {string} key */
function act(key) {
  const { clicks, nextTheme: themeKey, leave } = config.shortcuts;
  if (clicks[key]) return clickOn(shownElements(clicks[key])[0]);
  if (key === themeKey) return nextTheme();
  if (key === leave) return leavePresenter();
  return /^[1-9]$/.test(key) && clickOn(shownElements("#tabs [role=tab]")[Number(key) - 1]);
}

const isTyping = (/** @type {EventTarget | null} */ target) =>
  target instanceof Element &&
  target.closest("input, textarea, select, [contenteditable]") !== null;

/** A slider has its own keys for its ends. @type {(event: KeyboardEvent) => boolean} */
const isOfSlider = ({ key, target }) =>
  key === "Home" && target instanceof Element && target.closest("[role=slider]") !== null;

/** @param {KeyboardEvent} event */
function onKeyDown(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (event.defaultPrevented || isOfSlider(event)) return;
  /** @type {HTMLElement | null} */
  const dialog = document.querySelector("[role=dialog]");
  if (isShown(dialog) || dialog?.getClientRects().length) return;
  if (act(event.key)) event.preventDefault();
}

/** @param {ClientConfig} given */
export function start(given) {
  config = given;
  document.addEventListener("keydown", onKeyDown);
  document.addEventListener("click", onClick);
}
