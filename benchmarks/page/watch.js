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
  const QUIET = 3000; // ms without a change: at rest, also where answers queue
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  const PARTS = ["path.js-line", "path.js-fill", ".points path.point", ".text text"];

  // Where all that is drawn stands: for each trace its lines, areas, points and words, a box each,
  // inside the axes where it is cut off there.
  const places = () => ids.flatMap((id) => {
    const axes = document.querySelector(`#${id} .nsewdrag`).getBoundingClientRect();
    const seen = (part) => {
      const box = part.getBoundingClientRect();
      if (box.width <= 0.5 && box.height <= 0.5) return [];
      if (!part.closest("[clip-path]")) return [[box.left, box.top, box.right, box.bottom]];
      return [[Math.max(box.left, axes.left), Math.max(box.top, axes.top),
        Math.min(box.right, axes.right), Math.min(box.bottom, axes.bottom)]];
    };
    return [...document.querySelectorAll(`#${id} .scatterlayer g.trace`)].flatMap((trace) =>
      PARTS.flatMap((part) => {
        const boxes = [...trace.querySelectorAll(part)].flatMap(seen);
        return [0, 1, 2, 3].map((side) => boxes.length &&
          Math[side < 2 ? "min" : "max"](...boxes.map((box) => box[side])));
      }));
  });
  const same = (a, b) => a.length === b.length && a.every((v, i) => Math.abs(v - b[i]) <= 1.5);
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
  // a second; from the release, when all four plots stand as they will stay (1.5 px), and when the
  // distance plot's elements were last written.
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
    tell(MouseEvent, "mousemove", x, document); // ends where it began, or drags would wander off
    const released = performance.now();
    tell(MouseEvent, "mouseup", x, document);
    tell(PointerEvent, "pointerup", x, document);
    const seen = [];
    while (performance.now() - Math.max(frames.last, released) < QUIET) {
      seen.push([await frame() - released, places()]);
    }
    const still = seen.findLastIndex(([, where]) => !same(where, seen.at(-1)[1])) + 1;
    const written = Math.max(0, frames.last - released);
    return { rate: during / seconds, settled: seen[still][0], written };
  };
}
