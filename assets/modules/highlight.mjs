/**
 * Hides and highlights optimizers in every plot, without a request.
 *
 * What is drawn of an optimizer is tagged with its place, `data-contender`; the root element names
 * the hidden ones and the highlighted one, and assets/highlight.css does the rest. A page's own
 * state: the address, which is the experiment, does not have it.
 *
 * @typedef {import("./plots.mjs").Plot} Plot
 */

const TOGGLE_KEY = "h";
const SWATCH = 26; // px from a chip's left edge to its text

/** @type {Set<number>} */
let hidden = new Set();
/** @type {number | null} */
let highlighted = null;
let racing = 0; // number of optimizers
/** @type {ClientConfig["traceKinds"]} */
let kinds;

/**
 * Return the hidden optimizers after one is hidden or shown; none if all would be hidden.
 * @param {ReadonlySet<number>} before
 * @param {number} place
 * @param {number} count of optimizers
 */
export function toggled(before, place, count) {
  const after = new Set(before);
  if (!after.delete(place)) after.add(place);
  return after.size >= count ? new Set() : after;
}

/** @type {(element: Element | null | undefined, place: number) => void} */
const tag = (element, place) => element?.setAttribute("data-contender", String(place));

/** Tag what Plotly has drawn of each optimizer, and leave hidden ones out of hover labels. */
function tagPlot(/** @type {Plot} */ plot) {
  for (const trace of plot._fullData ?? []) {
    const { kind, contender } = trace.meta ?? {};
    const group = plot.querySelector(`.scatterlayer g.trace${trace.uid}`);
    if (typeof contender === "number") {
      tag(group, contender);
      if (hidden.has(contender)) trace.hoverinfo = "skip";
    } else if (kinds.perContender.includes(kind)) {
      /** @type {any[]} Plotly binds a point's data to its element */
      const points = [...(group?.querySelectorAll(".points > path, .text > g") ?? [])];
      for (const point of points) tag(point, point.__data__?.i ?? -1);
    }
  }
}

/** @type {() => NodeListOf<Plot>} */
const plots = () => document.querySelectorAll(".js-plotly-plot");
const tagAll = () => plots().forEach(tagPlot);
const observer = new (globalThis.MutationObserver ?? class {})(tagAll);

function apply() {
  const root = document.documentElement;
  const isActive = hidden.size > 0 || highlighted !== null;
  observer.disconnect();
  if (isActive) {
    tagAll();
    observer.observe(document.body, { childList: true, subtree: true }); // redrawn, other tabs
  }
  root.toggleAttribute("data-highlighted", highlighted !== null);
  if (highlighted !== null) root.dataset.highlighted = String(highlighted);
  root.toggleAttribute("data-hidden", hidden.size > 0);
  if (hidden.size) root.dataset.hidden = [...hidden].join(" ");
  for (const chip of chips()) {
    if (hidden.has(placeOf(chip))) chip.setAttribute("aria-description", "hidden in the plots");
    else chip.removeAttribute("aria-description");
  }
}

/** @returns {HTMLElement[]} the chips of the race */
const chips = () =>
  [...document.querySelectorAll(".chip[data-contender]:not([hidden])")].map(
    (chip) => /** @type {HTMLElement} */ (chip),
  );
const placeOf = (/** @type {HTMLElement} */ element) => Number(element.dataset.contender);

/** @type {(target: EventTarget | null) => HTMLElement | null} the chip or tile of a target */
const namedBy = (target) =>
  target instanceof Element ? target.closest(":is(.chip, .standing)[data-contender]") : null;

/** @param {HTMLElement | null} element the chip or tile that is pointed at */
function highlight(element) {
  const place = element && !hidden.has(placeOf(element)) ? placeOf(element) : null;
  if (place === highlighted) return;
  highlighted = place;
  apply();
}

/** @param {number} place */
function toggle(place) {
  racing = chips().length;
  hidden = toggled(hidden, place, racing);
  highlighted = null;
  restoreHover();
  apply();
}

/** Give the traces that are shown again their hover labels. */
function restoreHover() {
  for (const plot of plots()) {
    plot._fullData?.forEach((trace, i) => {
      const { meta, hovertemplate } = trace;
      if (typeof meta?.contender !== "number" || hidden.has(meta.contender)) return;
      trace.hoverinfo = plot.data[i]?.hoverinfo ?? (hovertemplate ? "all" : "skip");
    });
  }
}

/** @type {(event: MouseEvent, element: HTMLElement) => boolean} whether a click is on the swatch */
function isOnSwatch({ clientX, detail, target }, element) {
  if (!detail) return false; // a key's click
  if (target instanceof Element && target.closest(".who")) return true;
  const { left } = element.getBoundingClientRect();
  return clientX - left < (element.classList.contains("chip") ? SWATCH : SWATCH / 2);
}

/** @param {MouseEvent} event */
function onClick(event) {
  const element = namedBy(event.target);
  if (!element || !isOnSwatch(event, element)) return;
  event.stopImmediatePropagation(); // the chip is not chosen
  toggle(placeOf(element));
}

/** @param {KeyboardEvent} event */
function onKeyDown(event) {
  const chip = namedBy(event.target);
  if (!chip || event.key !== TOGGLE_KEY || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  toggle(placeOf(chip));
}

/** Forget what is hidden once an optimizer was removed: places have moved. */
function update() {
  const count = chips().length;
  if (count < racing && hidden.size) {
    hidden = new Set();
    restoreHover();
    apply();
  }
  racing = count;
}

/** @param {ClientConfig} config */
export function start(config) {
  kinds = config.traceKinds;
  document.addEventListener("click", onClick, { capture: true });
  document.addEventListener("keydown", onKeyDown);
  // Not `pointerover`, which also tells of an element that comes under a pointer at rest.
  document.addEventListener("pointermove", ({ target, pointerType }) => {
    if (pointerType !== "touch") highlight(namedBy(target));
  });
  document.addEventListener("focusin", ({ target }) => {
    const element = namedBy(target);
    highlight(element?.matches(":focus-visible") ? element : null);
  });
  const changes = { subtree: true, attributes: true, attributeFilter: ["hidden"] };
  new MutationObserver(update).observe(document, changes); // a chip comes or goes
  document.addEventListener("focusout", () => highlight(null));
}
