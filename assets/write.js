/* Writes a component's props into the page as React would, where its shape stays the same; answers
   false, and writes nothing, where it does not. React finds what it expects at rest: by then it has
   been told the same. */
(() => {
  const S = (window.saddlescape = window.saddlescape || {});
  const NAMES = { className: "class", hidden: "hidden" };
  const plain = (child) => child === null || child === undefined || child === "";

  const listed = (children) =>
    (Array.isArray(children) ? children : [children]).filter((child) => !plain(child));

  /* The children of a component against the nodes of its element, in the same order. */
  const fits = (element, children) => {
    const wanted = listed(children);
    const there = [...element.childNodes];
    return wanted.length === there.length && wanted.every((child, i) => {
      if (typeof child !== "object") return there[i].nodeType === Node.TEXT_NODE;
      const { type, props } = child;
      return there[i].nodeName.toLowerCase() === type.toLowerCase() &&
        fits(there[i], props.children);
    });
  };

  const dress = (element, props) => {
    for (const [name, value] of Object.entries(props)) {
      if (name === "style") {
        Object.entries(value).forEach(([rule, to]) => element.style.setProperty(rule, to));
      } else if (name === "hidden" || name === "disabled") {
        element.toggleAttribute(name, Boolean(value));
      } else if (name !== "children") {
        element.setAttribute(NAMES[name] || name, value);
      }
    }
  };

  const fill = (element, props) => {
    const { children, ...looks } = props;
    dress(element, looks);
    listed(children).forEach((child, i) => {
      const node = element.childNodes[i];
      if (typeof child === "object") fill(node, child.props);
      else if (node.nodeValue !== String(child)) node.nodeValue = String(child);
    });
  };

  S.write = (element, props) => {
    if (element instanceof HTMLInputElement) {
      Object.entries(props).forEach(([name, value]) => {
        element[name] = value ?? "";
      });
      return true;
    }
    if (!fits(element, props.children)) return false;
    fill(element, props);
    return true;
  };
})();
