/* Mantine says that a menu opens on a box around its button: a reader needs it on the button. It
   heads a dialog as if it were the page: a page has one banner. */
(() => {
  const SAID = ["aria-haspopup", "aria-expanded", "aria-controls"];

  const move = (box) => {
    const button = box.querySelector("button");
    if (!button) return;
    for (const name of SAID) {
      if (!box.hasAttribute(name)) continue;
      button.setAttribute(name, box.getAttribute(name));
      box.removeAttribute(name);
    }
  };

  const plain = (header) => header.setAttribute("role", "presentation");

  const all = () => {
    document.querySelectorAll("div[aria-haspopup]:not([role])").forEach(move);
    document.querySelectorAll(".mantine-Modal-header:not([role])").forEach(plain);
  };

  new MutationObserver(all).observe(document.documentElement, {
    subtree: true, childList: true, attributes: true, attributeFilter: SAID,
  });
})();
