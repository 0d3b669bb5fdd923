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

const FIELDS =
  "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable], [role=slider]";

/**
 * Return whether a key belongs to the field or slider with the focus.
 * @type {(event: KeyboardEvent) => boolean}
 */
function isOfField({ key, target }) {
  if (!(target instanceof Element) || !target.closest(FIELDS)) return false;
  const isOfBar = config.shortcuts.clicks[key]?.startsWith(".time-");
  return !(isOfBar && target.matches(".time-range"));
}

/** Return whether the reader has left the shortcuts of one character on (WCAG 2.1.4). */
function areOn() {
  const box = document.querySelector("#shortcuts-on");
  return !(box instanceof HTMLInputElement) || box.checked;
}

/** Go to the plots by the link before the header, without changing the URL. */
function onSkip(/** @type {MouseEvent} */ event) {
  const link = event.target instanceof Element && event.target.closest(".skip-link");
  if (!link) return;
  event.preventDefault();
  document.getElementById("plots")?.focus();
}

/** @param {KeyboardEvent} event */
function onKeyDown(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || isOfField(event)) return;
  if (event.defaultPrevented || (event.key.length === 1 && !areOn())) return;
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
  document.addEventListener("click", onSkip);
}
