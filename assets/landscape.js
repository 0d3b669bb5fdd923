/* A press anywhere on the landscape moves the start there. */
(() => {
  const S = (window.saddlescape = window.saddlescape || {});
  const STILL_HAND = 4; // px between press and release that is still a click
  let pressed = null;

  const place = (event) => {
    const plot = S.graph("landscape");
    if (!plot || !plot.contains(event.target) || !plot._fullLayout) return null;
    if (event.target.closest(".modebar")) return null;
    const { xaxis, yaxis } = plot._fullLayout;
    const box = plot.getBoundingClientRect();
    const x = event.clientX - box.left - xaxis._offset;
    const y = event.clientY - box.top - yaxis._offset;
    const inside = x >= 0 && x <= xaxis._length && y >= 0 && y <= yaxis._length;
    return inside ? [xaxis.p2d(x), yaxis.p2d(y)] : null;
  };

  window.addEventListener("pointerdown", (event) => {
    pressed = event.button === 0 && place(event) ? [event.clientX, event.clientY] : null;
  }, true);

  window.addEventListener("pointerup", (event) => {
    if (!pressed) return;
    const moved = Math.hypot(event.clientX - pressed[0], event.clientY - pressed[1]);
    pressed = null;
    const at = place(event);
    if (at && moved <= STILL_HAND) S.gate.push("w0", at);
  }, true);
})();
