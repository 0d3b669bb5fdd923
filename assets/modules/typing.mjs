/**
 * Fields that are read while one types (`data-live`): the server's spelling of their text waits
 * until the field loses the focus, so that no letter is written under the reader's hands.
 *
 * @typedef {import("./dom_patch.mjs").Props} Props
 */

/** @type {Map<string, Props>} field → the props that it waits for */
const waiting = new Map();

/**
 * Return the props that a component takes now: all, or all but the text of a field in use.
 * @param {string} id
 * @param {Props} props
 * @param {Element | null} focused
 * @returns {Props}
 */
export function withoutTyped(id, props, focused = document.activeElement) {
  if (!("value" in props) || focused?.id !== id || !focused.hasAttribute("data-live")) return props;
  const { value, ...rest } = props;
  waiting.set(id, { value });
  return rest;
}

/** @type {(target: EventTarget | null) => string} the id of the field in which one types, or "" */
export const liveFieldOf = (target) =>
  target instanceof Element && target.hasAttribute("data-live") ? target.id : "";

/**
 * Set the text that waits for a field, when it is left.
 * @param {(all: Record<string, Props>) => void} apply
 */
export function start(apply) {
  document.addEventListener("focusout", ({ target }) => {
    if (!(target instanceof Element)) return;
    const props = waiting.get(target.id);
    if (!props) return;
    waiting.delete(target.id);
    apply({ [target.id]: props });
  });
}
