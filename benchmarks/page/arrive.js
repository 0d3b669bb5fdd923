// In a page from its beginning: when all four plots are drawn, and when a slider has redrawn them.
(ids) => {
  const arrived = (window.arrived = { drawn: 0, answered: 0 });
  const frame = () => new Promise((done) => requestAnimationFrame(() => done(performance.now())));
  const thumb = () => document.querySelector("#slider-beta [role=slider]");
  const told = { key: "ArrowRight", code: "ArrowRight", bubbles: true, cancelable: true };

  const watch = async () => {
    const there = () => ids.every((id) => document.querySelector(`#${id} .scatterlayer .trace`));
    while (!there() || !thumb()) await frame();
    arrived.drawn = await frame();
    const changed = {};
    for (const id of ids) {
      new MutationObserver((records) => {
        if (records.some(({ target }) => target.closest(".scatterlayer"))) changed[id] = true;
      }).observe(document.getElementById(id), { subtree: true, childList: true, attributes: true });
    }
    const value = () => thumb().getAttribute("aria-valuenow");
    const before = value();
    let pressed = 0;
    while (!ids.every((id) => changed[id])) {
      if (value() === before && performance.now() - pressed > 100) { // until somebody listens
        pressed = performance.now();
        thumb().focus();
        thumb().dispatchEvent(new KeyboardEvent("keydown", told));
      }
      await frame();
    }
    arrived.answered = await frame();
    thumb().dispatchEvent(new KeyboardEvent("keyup", told));
  };
  watch();
}
