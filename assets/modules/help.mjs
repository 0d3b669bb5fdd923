/**
 * Help texts (app/components/help.py): shown beside a name, figure or table head on hover, on a
 * tap, and when the keyboard reaches it or its control; bound to what they describe.
 */
const DELAY = 350; // ms of hover
const MARGIN = 8; // px from the window's edges and from what is described
const HOSTS = ".label, .helped";
const CONTROLS = "[role=slider], input:not([type=hidden]), button, textarea";

let isByKeyboard = false; // whether the last input was a key
let timer = 0;
let count = 0;
/** @type {Element | null} */
let shownFor = null; // host of the help on the screen
/** @type {HTMLElement | null} */
let tip = null;

const elementOf = (/** @type {EventTarget | null} */ target) =>
  target instanceof Element ? target : null;

/** Return the host of the help for an element: itself, or the name before a control. */
function hostOf(/** @type {Element | null} */ element) {
  const own = element?.closest(HOSTS);
  if (own || !element?.matches(CONTROLS)) return own ?? null;
  let part = element.closest(".control > *, .label ~ *");
  while (part && !part.matches(".label")) part = part.previousElementSibling;
  return part;
}

/**
 * Bind a help text to the control that it describes.
 * @type {(on: Element, host: Element) => void}
 */
function bind(on, host) {
  const help = host.querySelector(".help");
  if (!help) return;
  if (!help.id) {
    count += 1;
    help.id = `help-${count}`;
  }
  const there = (on.getAttribute("aria-describedby") || "").split(" ").filter(Boolean);
  if (!there.includes(help.id)) on.setAttribute("aria-describedby", [...there, help.id].join(" "));
}

/** Bind the help texts of all controls on the page; a tab that is opened later binds on focus. */
export function bindAll() {
  for (const on of document.querySelectorAll(".helped")) bind(on, on);
  for (const label of document.querySelectorAll(".label:has(.help)"))
    for (const on of label.parentElement?.querySelectorAll(CONTROLS) ?? []) {
      const host = hostOf(on);
      if (host && !on.closest(".label")) bind(on, host);
    }
}

function hide() {
  window.clearTimeout(timer);
  if (tip) tip.hidden = true;
  shownFor = null;
}

/**
 * Place the tip beside the row of a control, else below its host, else above.
 * @param {Element} host
 */
function place(host) {
  if (!tip) return;
  const row = host.matches(".label") ? host.closest(".control") : null;
  const box = (row ?? host).getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = tip;
  const isBeside = row !== null && box.right + MARGIN + width < window.innerWidth;
  const below = box.bottom + MARGIN / 2;
  const isBelow = below + height < window.innerHeight;
  const edge = window.innerWidth - width - MARGIN;
  const left = isBeside ? box.right + MARGIN : Math.min(box.left, edge);
  const middle = box.top + (box.height - height) / 2;
  const top = isBeside ? middle : isBelow ? below : box.top - height - MARGIN / 2;
  tip.style.left = `${Math.max(MARGIN, left)}px`;
  tip.style.top = `${Math.min(Math.max(MARGIN, top), window.innerHeight - height - MARGIN)}px`;
}

/** @param {Element} host */
function show(host) {
  const help = host.querySelector(".help");
  if (!help) return;
  window.clearTimeout(timer);
  if (!tip) {
    tip = document.createElement("div");
    tip.className = "help-tip";
    tip.setAttribute("aria-hidden", "true"); // what is bound is read aloud
    document.querySelector(".page")?.append(tip);
  }
  tip.replaceChildren(...[...help.childNodes].map((node) => node.cloneNode(true)));
  tip.hidden = false;
  shownFor = host;
  place(host);
}

/** @param {PointerEvent} event */
function onPointerOver({ target, pointerType }) {
  if (pointerType === "touch") return;
  const element = elementOf(target);
  if (element?.closest(".help-tip")) return; // the pointer may rest on the text
  const host = element?.closest(HOSTS) ?? null;
  if (host === shownFor && host) return;
  window.clearTimeout(timer);
  if (host?.querySelector(".help")) timer = window.setTimeout(() => show(host), DELAY);
  else if (!isByKeyboard) hide();
}

/** @param {FocusEvent} event */
function onFocusIn({ target }) {
  const element = elementOf(target);
  const host = hostOf(element);
  if (element && host) bind(element, host);
  if (!isByKeyboard) return;
  if (host) show(host);
  else hide();
}

/** @param {KeyboardEvent} event */
function onKeyDown(event) {
  isByKeyboard = true;
  if (!shownFor || event.key === "Tab") return;
  if (event.key === "Escape") event.stopPropagation();
  hide(); // a moved slider is to be seen, not its help
}

/** Listen to pointer and focus. */
export function start() {
  window.addEventListener("keydown", onKeyDown, true);
  window.addEventListener(
    "pointerdown",
    () => {
      isByKeyboard = false;
    },
    true,
  );
  document.addEventListener("pointerover", onPointerOver);
  document.addEventListener("focusin", onFocusIn);
  document.addEventListener("focusout", hide);
  document.addEventListener("click", ({ target }) => {
    const host = elementOf(target)?.closest(HOSTS);
    if (host && host !== shownFor) show(host);
    else if (!elementOf(target)?.closest(".help-tip")) hide();
  });
  window.addEventListener("scroll", hide, true);
}
