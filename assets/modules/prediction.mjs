/* The prediction: a mark on the distance plot, placed before the curve is drawn. */
(() => {
  const S = (window.saddlescape = window.saddlescape || {});
  const words = new Intl.NumberFormat("en");
  let predicted = null; // { lesson, steps }

  const lesson = () => {
    const title = document.querySelector("#lesson .lesson-title");
    return title && title.offsetParent ? title.textContent : "";
  };

  const mark = (plot) => {
    let line = plot.querySelector(".prediction-mark");
    if (!line) {
      line = document.createElement("div");
      line.className = "prediction-mark";
      line.setAttribute("aria-hidden", "true");
      plot.append(line);
    }
    return line;
  };

  const place = () => {
    const plot = S.graph("distance");
    if (!plot || !plot._fullLayout || !plot._fullLayout.xaxis) return;
    const { xaxis, yaxis } = plot._fullLayout;
    const line = mark(plot);
    const shown = predicted && predicted.lesson === lesson() &&
      !S.address.query().includes("axes=scaled");
    line.hidden = !shown;
    if (!shown) return;
    line.style.left = `${xaxis._offset + xaxis.d2p(Math.max(predicted.steps, 1))}px`;
    line.style.top = `${yaxis._offset}px`;
    line.style.height = `${yaxis._length}px`;
  };

  const say = () => {
    const said = document.getElementById("prediction-said");
    const now = predicted && predicted.lesson === lesson();
    said.textContent = now ? `Your prediction: ${words.format(predicted.steps)} steps.` : "";
    const thumb = document.querySelector("#prediction [role=slider]");
    if (thumb && now) thumb.setAttribute("aria-valuetext", `${words.format(predicted.steps)} steps`);
  };

  let held = false; // the page itself sets the slider when a lesson opens
  ["pointerdown", "keydown"].forEach((kind) => window.addEventListener(kind, (event) => {
    held = event.target instanceof Element && Boolean(event.target.closest("#prediction"));
  }, true));

  const set = (value) => window.dash_clientside.set_props("prediction", { value });

  /* A prediction placed on the plot itself; false where nothing is asked. */
  S.predict = (steps) => {
    const asked = document.getElementById("lesson-ask");
    if (!asked || asked.hidden || !asked.offsetParent || S.address.query().includes("axes=scaled")) return false;
    held = true;
    set(steps);
    return true;
  };

  /* The page puts the slider in its middle with every picture; a prediction that was made stays. */
  const keep = () => {
    const thumb = document.querySelector("#prediction [role=slider]");
    if (!thumb || !predicted || predicted.lesson !== lesson()) return;
    if (Math.round(Number(thumb.getAttribute("aria-valuenow"))) !== predicted.steps) set(predicted.steps);
  };

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.saddlescape = Object.assign(window.dash_clientside.saddlescape || {}, {
    predicted: (steps) => {
      if (held) predicted = { lesson: lesson(), steps: Math.round(steps) };
      say();
      place();
    },
  });

  let seen = true; // whether the answer was on the screen
  const show = () => {
    const answer = document.getElementById("lesson-reveal");
    const now = Boolean(answer && !answer.hidden && answer.offsetParent);
    if (now && !seen) answer.scrollIntoView({ block: "nearest" });
    seen = now;
  };

  /* After every picture: the axes may have moved, or another lesson may have opened. */
  S.after = S.after || [];
  S.after.push(() => window.requestAnimationFrame(() => { keep(); say(); place(); show(); }));
  window.addEventListener("resize", () => window.requestAnimationFrame(place));
})();
