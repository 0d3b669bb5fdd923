/**
 * Changes elements rendered by React: writes props to the DOM, and corrects ARIA attributes.
 *
 * @typedef {Record<string, any>} Props
 */

/** @type {Record<string, string>} */
const ATTRIBUTES = { className: "class" };
const FLAGS = ["hidden", "disabled"];

const isEmpty = (/** @type {any} */ child) => child === null || child === undefined || child === "";

/** @param {any} children one child or a list */
const childList = (children) =>
  (Array.isArray(children) ? children : [children]).filter((child) => !isEmpty(child));

/**
 * Return whether an element has the child nodes that React would render for `children`.
 * @param {Node} element
 * @param {any} children
 * @returns {boolean}
 */
function hasShape(element, children) {
  const wanted = childList(children);
  const nodes = [...element.childNodes];
  return (
    wanted.length === nodes.length &&
    wanted.every((child, i) => {
      if (typeof child !== "object") return nodes[i].nodeType === Node.TEXT_NODE;
      const { type, props } = child;
      return (
        nodes[i].nodeName.toLowerCase() === type.toLowerCase() && hasShape(nodes[i], props.children)
      );
    })
  );
}

/** @type {(element: HTMLElement, props: Props) => void} */
function writeAttributes(element, props) {
  for (const [name, value] of Object.entries(props)) {
    if (name === "style") {
      for (const [rule, to] of Object.entries(value)) element.style.setProperty(rule, to);
    } else if (FLAGS.includes(name)) {
      element.toggleAttribute(name, Boolean(value));
    } else {
      element.setAttribute(ATTRIBUTES[name] || name, value);
    }
  }
}

/** @type {(element: HTMLElement, props: Props) => void} */
function write(element, { children, ...attributes }) {
  writeAttributes(element, attributes);
  childList(children).forEach((child, i) => {
    const node = element.childNodes[i];
    if (typeof child === "object") write(/** @type {HTMLElement} */ (node), child.props);
    else if (node.nodeValue !== String(child)) node.nodeValue = String(child);
  });
}

/**
 * Write a component's props into its element as React would; return false, with nothing written,
 * if the child nodes would differ. Dash's props are set to the same later.
 * @param {HTMLElement} element
 * @param {Props} props
 */
export function patchProps(element, props) {
  if (element instanceof HTMLInputElement) {
    for (const [name, value] of Object.entries(props)) {
      /** @type {any} */ (element)[name] = value ?? "";
    }
    return true;
  }
  if (!hasShape(element, props.children)) return false;
  write(element, props);
  return true;
}

const MENU_STATE = ["aria-haspopup", "aria-expanded", "aria-controls"];

/** Move a menu's ARIA attributes from Mantine's box to the button in it. @param {Element} box */
function moveMenuState(box) {
  const button = box.querySelector("button");
  if (!button) return;
  for (const name of MENU_STATE) {
    const value = box.getAttribute(name);
    if (value === null) continue;
    button.setAttribute(name, value);
    box.removeAttribute(name);
  }
}

function fixAria() {
  document.querySelectorAll("div[aria-haspopup]:not([role])").forEach(moveMenuState);
  // A dialog's <header> would be a second banner of the page without a role.
  for (const header of document.querySelectorAll(".mantine-Modal-header:not([role])")) {
    header.setAttribute("role", "presentation");
  }
}

/** Correct Mantine's ARIA attributes now and whenever the document changes. */
export function observeAria() {
  new MutationObserver(fixAria).observe(document.documentElement, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: MENU_STATE,
  });
}
