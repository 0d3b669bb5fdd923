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
    const at = event.button === 0 ? place(event) : null;
    pressed = at && { at, x: event.clientX, y: event.clientY };
  }, true);

  // Plotly covers the page while the button is down, so the release is anywhere.
  window.addEventListener("pointerup", (event) => {
    if (!pressed) return;
    const moved = Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y);
    if (moved <= STILL_HAND) S.gate.push("w0", pressed.at);
    pressed = null;
  }, true);
})();
