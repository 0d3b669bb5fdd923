// Presses keys on β's slider of any of the pages: when all four plots have been redrawn.
(ids) => {
  const changed = {};
  for (const id of ids) {
    const plot = document.querySelector(`#${id} .js-plotly-plot`);
    new MutationObserver((records) => {
      if (!records.some((r) => r.target.closest && r.target.closest(".scatterlayer"))) return;
      changed[id] = performance.now();
    }).observe(plot, { subtree: true, childList: true, attributes: true });
  }
  const frame = () => new Promise((done) => requestAnimationFrame(() => done(performance.now())));

  window.redrawn = (began) => ids.every((id) => changed[id] > began);

  // From a key press until all four plots have changed and are on the screen, in ms.
  window.press = async (key) => {
    const target = document.querySelector("#slider-beta [role=slider]");
    target.focus();
    const began = performance.now();
    const told = { key, code: key, bubbles: true, cancelable: true };
    target.dispatchEvent(new KeyboardEvent("keydown", told));
    while (!window.redrawn(began)) {
      if (performance.now() - began > 5000) return null;
      await frame();
    }
    const shown = await frame();
    target.dispatchEvent(new KeyboardEvent("keyup", told));
    return shown - began;
  };
}
