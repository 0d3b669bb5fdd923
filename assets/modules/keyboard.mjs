/* The keyboard map (app/dialogs.py says it in words): a key presses the button that is there. */
(() => {
  const S = (window.saddlescape = window.saddlescape || {});
  const THEMES = ["light", "dark", "projector"];
  const PRESSES = {
    "?": "#shortcuts",
    s: "#share",
    t: "#take-away",
    n: "[data-key=next], .contents a",
    p: "[data-key=previous]",
    r: "[data-key=reveal]",
  };

  const shown = (element) => element && element.offsetParent !== null;

  const press = (selector) => {
    const button = [...document.querySelectorAll(selector)].find(shown);
    if (button) button.click();
    return Boolean(button);
  };

  const typing = (target) =>
    target instanceof Element && Boolean(target.closest("input, textarea, select, [contenteditable]"));

  const theme = () => {
    const now = THEMES.indexOf(document.documentElement.dataset.theme);
    S.push("theme", THEMES[(now + 1) % THEMES.length]);
    return true;
  };

  const tab = (number) => {
    const tabs = [...document.querySelectorAll("#tabs [role=tab]")].filter(shown);
    if (tabs[number - 1]) tabs[number - 1].click();
    return Boolean(tabs[number - 1]);
  };

  const leave = () => {
    const framed = document.querySelector(".page.view-present");
    if (framed) S.push("view", "");
    return Boolean(framed);
  };

  const act = (key) => {
    if (PRESSES[key]) return press(PRESSES[key]);
    if (key === "d") return theme();
    if (key === "Escape") return leave();
    return /^[1-9]$/.test(key) && tab(Number(key));
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (event.defaultPrevented) return;
    const dialog = document.querySelector("[role=dialog]");
    if (shown(dialog) || (dialog && dialog.getClientRects().length)) return;
    if (act(event.key)) event.preventDefault();
  });
})();
