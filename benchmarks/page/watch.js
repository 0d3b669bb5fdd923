// Watches the four plots of either page: when each last changed on the screen.
(ids) => {
  const changed = {};
  const frames = { count: 0, last: 0 };
  let open = false;
  for (const id of ids) {
    const plot = document.querySelector(`#${id} .js-plotly-plot`);
    new MutationObserver((records) => {
      if (!records.some((r) => r.target.closest && r.target.closest(".scatterlayer"))) return;
      changed[id] = performance.now();
      if (id !== "distance" || open) return;
      open = true; // one update a frame, however many mutations it takes
      requestAnimationFrame(() => {
        open = false;
        frames.count += 1;
        frames.last = performance.now();
      });
    }).observe(plot, { subtree: true, childList: true, attributes: true });
  }
  const frame = () => new Promise((done) => requestAnimationFrame(() => done(performance.now())));
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  const thumb = () => document.querySelector("#slider-beta [role=slider]");

  // From a key press until all four plots have changed and are on the screen, in ms.
  window.press = async (key) => {
    const target = thumb();
    target.focus();
    const began = performance.now();
    const told = { key, code: key, bubbles: true, cancelable: true };
    target.dispatchEvent(new KeyboardEvent("keydown", told));
    while (!ids.every((id) => changed[id] > began)) {
      if (performance.now() - began > 5000) return null;
      await frame();
    }
    const shown = await frame();
    target.dispatchEvent(new KeyboardEvent("keyup", told));
    return shown - began;
  };

  // Drags for some seconds at 20 events a second, between β = 0.9 and about 0.99 and back: updates
  // a second, and the last one's delay.
  window.drag = async (seconds) => {
    const target = thumb();
    const box = target.getBoundingClientRect();
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    const track = target.parentElement;
    const tell = (kind, type, at, on) => on.dispatchEvent(new kind(type, {
      bubbles: true, cancelable: true, button: 0, buttons: 1, pointerId: 1, clientX: at, clientY: y,
    }));
    tell(PointerEvent, "pointerdown", x, target);
    tell(MouseEvent, "mousedown", x, track);
    const before = frames.count;
    const began = performance.now();
    for (let n = 1; performance.now() - began < 1000 * seconds; n += 1) {
      tell(MouseEvent, "mousemove", x + 20 - 20 * Math.abs((n % 40) / 20 - 1), document);
      await pause(Math.max(0, began + 50 * n - performance.now()));
    }
    const during = frames.count - before;
    const released = performance.now();
    tell(MouseEvent, "mouseup", x, document);
    tell(PointerEvent, "pointerup", x, document);
    let last = frames.last;
    do {
      last = frames.last;
      await pause(1200);
    } while (frames.last !== last);
    return { rate: during / seconds, settled: Math.max(0, last - released) };
  };
}
