// A key typed into the formula's field: when all four plots have been redrawn (press.js tells).
() => {
  const frame = () => new Promise((done) => requestAnimationFrame(() => done(performance.now())));

  // From the next key press until all four plots have changed and a frame has passed, in ms.
  window.typed = () => new Promise((done) => {
    document.addEventListener("keydown", async () => {
      const began = performance.now();
      while (!window.redrawn(began)) {
        if (performance.now() - began > 10000) return done(null);
        await frame();
      }
      return done((await frame()) - began);
    }, { capture: true, once: true });
  });
}
