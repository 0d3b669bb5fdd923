/* Choose β: a press or a drag on a plot gives the chosen contender that β. */
(() => {
  const S = (window.saddlescape = window.saddlescape || {});
  const HOMES = ["choose-time", "choose-price"];
  let plot = null; // the plot under the hand

  /* The axis runs in log₁₀ 1/(1−β): a position of the β slider. */
  const take = (event) => {
    const { xaxis } = plot._fullLayout;
    const x = event.clientX - plot.getBoundingClientRect().left - xaxis._offset;
    const at = xaxis.p2l(Math.min(Math.max(x, 0), xaxis._length));
    S.gate.push("beta", Math.min(Math.max(Math.round(at * 100) / 100, 0), 4));
  };

  window.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !(event.target instanceof Element)) return;
    const home = event.target.closest(HOMES.map((id) => `#${id}`).join(","));
    if (!home || event.target.closest(".modebar")) return;
    plot = S.graph(home.id);
    if (!plot || !plot._fullLayout.xaxis) plot = null;
    else take(event);
  }, true);
  window.addEventListener("pointermove", (event) => plot && take(event), true);
  window.addEventListener("pointerup", () => { plot = null; }, true);
  window.addEventListener("pointercancel", () => { plot = null; }, true);

  document.addEventListener("click", async (event) => {
    const button = event.target instanceof Element && event.target.closest("[data-copy-of]");
    if (!button) return;
    const text = document.getElementById(button.dataset.copyOf).textContent;
    try {
      await S.copyText(text);
      S.say("The line is copied.");
    } catch {
      S.say(`This browser does not let the page copy; the line is ${text}`);
    }
  });
})();
