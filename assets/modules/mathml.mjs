/**
 * Formulas: elements with the attribute `data-mathml` get its MathML as their content, a block for
 * each line of it; between the <math> elements of a line the browser may break it.
 */

const NAMESPACE = "http://www.w3.org/1998/Math/MathML";

/** @param {Element} element drawn only if it and all inside are MathML: no script, no style */
const isMath = (element) =>
  element.namespaceURI === NAMESPACE &&
  [...element.querySelectorAll("*")].every((child) => child.namespaceURI === NAMESPACE);

/** @param {string} source <math> elements @returns {HTMLElement} */
function blockOf(source) {
  const { documentElement } = new DOMParser().parseFromString(
    `<m>${source}</m>`,
    "application/xml",
  );
  const block = document.createElement("div");
  for (const term of documentElement.children)
    if (isMath(term)) block.append(document.importNode(term, true), " ");
  return block;
}

/** @param {Element} element */
function draw(element) {
  const source = element.getAttribute("data-mathml") || "";
  element.replaceChildren(...(source ? source.split("\n").map(blockOf) : []));
}

/** Draw all formulas now, and whenever one is added or changes. */
export function observeMath() {
  const drawIn = (/** @type {Node} */ node) => {
    if (!(node instanceof Element)) return;
    if (node.hasAttribute("data-mathml")) draw(node);
    node.querySelectorAll("[data-mathml]").forEach(draw);
  };
  drawIn(document.documentElement);
  new MutationObserver((records) => {
    for (const { type, target, addedNodes } of records) {
      if (type === "attributes") drawIn(target);
      else addedNodes.forEach(drawIn);
    }
  }).observe(document.documentElement, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ["data-mathml"],
  });
}
