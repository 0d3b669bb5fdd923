/** Elements of the time bar: its buttons with their icons. */
const SVG = "http://www.w3.org/2000/svg";
const ICONS = {
  start: "M3 3h2v10H3zM13 3v10L6 8z",
  back: "M11 3v10L4 8zM12 3h1.5v10H12z",
  play: "M4 2.5v11l9-5.5z",
  pause: "M4 3h3v10H4zM9 3h3v10H9z",
  forward: "M5 3v10l7-5zM2.5 3H4v10H2.5z",
  race: "M4 2h1.5v12H4zM6 2.5h7l-2 3 2 3H6z",
};

/**
 * Create an element.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string | number>} [attributes]
 * @param {(Node | string)[]} children
 */
export function create(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.append(...children);
  return element;
}

/** Return an icon. @param {keyof typeof ICONS} name */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/**
 * Return a button of the time bar, whose tooltip names its key.
 * @type {(name: keyof typeof ICONS, label: string, key: string, act: () => void) =>
 *   HTMLButtonElement}
 */
export function button(name, label, key, act) {
  const title = `${label} (${key})`;
  const named = { class: `time-button time-${name}`, "aria-label": label, title };
  const made = create("button", { type: "button", ...named }, icon(name));
  made.addEventListener("click", act);
  return made;
}
