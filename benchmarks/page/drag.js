// Drags β's slider of any of the pages, and logs what came of it: log.py reads the log.
//
// A picture's value is told by `layout.meta.beta` of the plot (the naive page), else it is the newest
// value whose answer the page has read. A plot counts as drawn when something changes under
// `.scatterlayer`, or a canvas inside it is drawn on.
(ids) => {
  const now = () => performance.now();
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  const thumb = () => document.querySelector("#slider-beta [role=slider]");
  const plotOf = (id) => document.querySelector(`#${id} .js-plotly-plot`);

  let log = { moved: [], pushed: [], drawn: [] };
  let order = new Map(); // value → how many were pushed before it
  let newest = null; // of the values whose answers were read

  // What a frame's own callbacks draw is painted in that frame, the rest in the next one.
  let frameNow = null; // timestamp of the frame whose callbacks run
  const plainFrame = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (callback) => plainFrame((timestamp) => {
    frameNow = timestamp;
    try {
      callback(timestamp);
    } finally {
      queueMicrotask(() => { frameNow = null; }); // after the mutation observers
    }
  });
  const frame = () => new Promise((done) => plainFrame(() => done(now())));
  const whenPainted = (done) => {
    const tell = (timestamp) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => done(timestamp, now());
      port2.postMessage(null); // its task runs when the frame is painted
    };
    if (frameNow === null) plainFrame(tell);
    else tell(frameNow);
  };

  const drew = (id) => {
    const entry = { plot: id, value: plotOf(id).layout?.meta?.beta ?? newest };
    const { drawn } = log;
    whenPainted((timestamp, painted) => drawn.push({ ...entry, frame: timestamp, painted }));
  };
  for (const id of ids) {
    new MutationObserver((records) => {
      if (records.some((r) => r.target.closest?.(".scatterlayer"))) drew(id);
    }).observe(plotOf(id), { subtree: true, childList: true, attributes: true });
  }
  const plainClear = CanvasRenderingContext2D.prototype.clearRect;
  CanvasRenderingContext2D.prototype.clearRect = function (...box) {
    const home = ids.find((id) => this.canvas.closest?.(`#${id}`));
    if (home) drew(home);
    return plainClear.apply(this, box);
  };

  // Which value an answer is for: the edit of β in its request. A page may round it, to a shorter
  // number within half a step of the thumb's.
  const meant = (sent) => [...order.keys()].find((value) => Math.abs(value - sent) <= 0.005);
  const asked = new WeakMap();
  const plainFetch = window.fetch;
  window.fetch = async (resource, options) => {
    const response = await plainFetch(resource, options);
    const text = `${decodeURIComponent(resource.url ?? resource)} ${options?.body ?? ""}`;
    const found = /"beta":\s*([\d.]+)/.exec(text);
    if (found) asked.set(response, meant(Number(found[1])));
    return response;
  };
  for (const read of ["json", "text", "arrayBuffer", "blob", "bytes"]) {
    const plain = Response.prototype[read];
    if (!plain) continue;
    Response.prototype[read] = async function () {
      const body = await plain.call(this);
      const value = asked.get(this);
      if (order.has(value) && !(order.get(value) < order.get(newest))) newest = value;
      return body;
    };
  }
  new MutationObserver(() => {
    const value = Number(thumb().getAttribute("aria-valuenow"));
    if (meant(value) !== undefined) return; // at rest a page may place the thumb at its round number
    order.set(value, order.size);
    log.pushed.push([now(), value]);
  }).observe(document.getElementById("slider-beta"), {
    subtree: true, attributes: true, attributeFilter: ["aria-valuenow"],
  });

  // Where all that is drawn stands: for each trace its lines, areas, points and words, a box each,
  // inside the axes where it is cut off there.
  const PARTS = ["path.js-line", "path.js-fill", ".points path.point", ".text text"];
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

  // After the release: when all four plots show the last value and stand as they will stay (1.5 px),
  // and when the last of them was last written, ms. At rest is a page that shows the last value and then is `quiet` ms
  // without a change.
  const LONGEST = 20000; // ms; where answers queue, the last one may be late
  const rest = async (mine, released, quiet) => {
    const last = () => mine.pushed.at(-1)?.[1]; // the slider may have it only after the release
    const shownAt = () => Math.max(...ids.map((id) => // Infinity before all plots show it
      Math.min(...mine.drawn.flatMap(({ plot, value, painted }) =>
        plot === id && value === last() ? [painted] : []))));
    const written = () => Math.max(released, ...mine.drawn.map(({ painted }) => painted));
    const waits = () => now() - written() < quiet || (shownAt() === Infinity && now() - released < LONGEST);
    const seen = [];
    while (waits()) seen.push([(await frame()) - released, places()]);
    const still = seen.findLastIndex(([, where]) => !same(where, seen.at(-1)[1])) + 1;
    const settled = Math.max(seen[still][0], shownAt() - released);
    return { settled: Math.min(settled, LONGEST), written: written() - released };
  };

  // Moves the thumb over `values`, `rate` a second, and lets go: `resting` resolves at rest. A hand
  // that the page keeps waiting moves on: what it passed meanwhile is left out, as a browser does.
  window.drag = async ({ values, rate, quiet }) => {
    const target = thumb();
    const track = target.parentElement.parentElement; // on which the slider listens
    // So long that each value is a pixel of its own: a page may round what is nearer.
    Object.assign(track.style, { position: "absolute", left: 0, width: "500px" });
    const box = track.getBoundingClientRect();
    const [low, high] = ["min", "max"].map((end) => Number(target.getAttribute(`aria-value${end}`)));
    const at = (value) => box.left + box.width * (value - low) / (high - low);
    // As PointerEvents, whose coordinates may lie between two pixels.
    const tell = (type, value, on) => on.dispatchEvent(new PointerEvent(type, {
      bubbles: true, cancelable: true, button: 0, buttons: 1, pointerId: 1,
      clientX: at(value), clientY: box.top + box.height / 2,
    }));
    log = { moved: [], pushed: [], drawn: [] };
    order = new Map();
    newest = null;
    const mine = log;
    tell("pointerdown", values[0], target);
    tell("mousedown", values[0], track);
    performance.mark("drag-began");
    const began = now();
    const due = () => Math.floor((now() - began) * rate / 1000);
    for (let n = due(), last = -1; n < values.length; n = due()) {
      if (n > last) {
        mine.moved.push([began + 1000 * n / rate, values[n]]);
        tell("mousemove", values[n], document);
      }
      last = n;
      await pause(Math.max(0, began + 1000 * (n + 1) / rate - now()));
    }
    const ended = now();
    performance.mark("drag-ended");
    const end = mine.moved.at(-1)[1];
    tell("mouseup", end, document);
    tell("pointerup", end, document);
    window.resting = rest(mine, ended, quiet);
    return { began, ended, ...mine };
  };
}
