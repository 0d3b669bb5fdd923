/* The time bar: play, pause, step, scrub, speed. One frame is one recorded step: they lie densely
   at the beginning, where the escape begins, and evenly later. No request is made. */
(() => {
  const S = (window.saddlescape = window.saddlescape || {});
  const RATE = 60; // recorded steps a second at 1×
  const APART = 12; // px between two numbers under the bar
  const SPEEDS = [0.25, 0.5, 1, 2, 4];
  const ICONS = {
    start: "M3 3h2v10H3zM13 3v10L6 8z",
    back: "M11 3v10L4 8zM12 3h1.5v10H12z",
    play: "M4 2.5v11l9-5.5z",
    pause: "M4 3h3v10H4zM9 3h3v10H9z",
    forward: "M5 3v10l7-5zM2.5 3H4v10H2.5z",
    race: "M4 2h1.5v12H4zM6 2.5h7l-2 3 2 3H6z",
  };
  let chosen = null; // the step t of the address; null: as the first escapes
  let index = 0;
  let playing = false;
  let last = 0; // time of the frame before
  let carry = 0; // recorded steps due but not yet whole
  let parts = null; // the bar's elements

  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
    element.append(...children);
    return element;
  };

  const icon = (name) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 16 16");
    svg.setAttribute("aria-hidden", "true");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", ICONS[name]);
    svg.append(path);
    return svg;
  };

  const button = (name, label, act) => {
    const made = make("button", { type: "button", class: `time-button time-${name}`, "aria-label": label, title: label }, icon(name));
    made.addEventListener("click", act);
    return made;
  };

  const end = () => S.cursor.moments().steps.length - 1;
  const time = () => Math.round(S.cursor.moments().steps[index]);

  const show = () => {
    if (!parts || !S.cursor.moments()) return;
    const t = time();
    const said = `step ${t.toLocaleString("en")}`;
    parts.range.max = end();
    parts.range.value = index;
    parts.range.setAttribute("aria-valuetext", said);
    parts.step.textContent = t.toLocaleString("en");
    parts.range.style.setProperty("--done", `${(100 * index) / Math.max(end(), 1)}%`);
  };

  /* Steps under the bar, since it runs over recorded steps: 0, T and round numbers as far apart as
     words are. */
  const measure = () => {
    const steps = S.cursor.moments().steps;
    const width = parts.range.clientWidth;
    const T = steps[steps.length - 1];
    const digit = 0.6 * parseFloat(window.getComputedStyle(parts.scale).fontSize); // px, about
    const key = `${T} ${steps.length} ${width} ${digit}`;
    if (key === parts.scale.dataset.key) return;
    parts.scale.dataset.key = key;
    const round = [];
    for (let decade = 10 ** Math.floor(Math.log10(Math.max(T, 1))); decade >= 1; decade /= 10) round.push(decade);
    const taken = [];
    [0, T, ...round, ...round.flatMap((decade) => [5 * decade, 2 * decade])].filter((t) => t <= T).forEach((t) => {
      const at = S.cursor.index(t) / Math.max(end(), 1);
      const said = Math.round(t).toLocaleString("en");
      const clear = ([other, word]) => Math.abs(at - other) * (width - 16) >= (digit * (said.length + word.length)) / 2 + APART;
      if (taken.every(clear)) taken.push([at, said]);
    });
    parts.scale.replaceChildren(...taken.map(([at, said]) => {
      const number = make("span", {}, said);
      number.style.setProperty("--at", at);
      return number;
    }));
  };

  const place = (to) => {
    index = Math.min(Math.max(to, 0), end());
    S.cursor.place(index);
    show();
  };

  /* The address says where the cursor stands, once it stands. */
  const settle = () => {
    chosen = time();
    S.retime(chosen);
  };

  const go = (to) => {
    place(to);
    settle();
  };

  const tick = (now) => {
    if (!playing) return;
    carry += ((now - last) / 1000) * RATE * Number(parts.speed.value);
    last = now;
    const whole = Math.floor(carry);
    if (whole) {
      carry -= whole;
      place(index + whole);
      chosen = time(); // a drag while it plays keeps the step
    }
    if (index >= end()) pause();
    else window.requestAnimationFrame(tick);
  };

  const mark = () => {
    parts.play.replaceChildren(icon(playing ? "pause" : "play"));
    const label = playing ? "Pause" : "Play";
    parts.play.setAttribute("aria-label", label);
    parts.play.title = `${label} (space)`;
  };

  const pause = () => {
    if (!playing) return;
    playing = false;
    mark();
    settle();
  };

  const play = () => {
    if (!S.cursor.moments() || playing) return;
    if (index >= end()) place(0);
    playing = true;
    carry = 0;
    last = window.performance.now();
    mark();
    window.requestAnimationFrame(tick);
  };

  const toRace = () => {
    pause();
    chosen = null;
    place(S.cursor.race());
    S.retime(null);
  };

  const build = () => {
    const home = document.getElementById("time-bar");
    if (!home || home.firstChild) return Boolean(home);
    const range = make("input", { type: "range", min: 0, max: 1, step: 1, value: 0, class: "time-range", "aria-label": "Time", title: "Recorded steps: close together at the beginning, evenly spaced later" });
    const scale = make("div", { class: "time-scale", "aria-hidden": "true" });
    range.addEventListener("input", () => {
      pause();
      place(Number(range.value));
    });
    range.addEventListener("change", settle);
    const speed = make("select", { class: "time-speed", "aria-label": "Speed", title: "Speed" });
    SPEEDS.forEach((value) => speed.append(make("option", { value }, `${value}×`)));
    speed.value = "1";
    const step = make("b", {}, "0");
    parts = {
      range, scale, speed, step,
      play: button("play", "Play", () => (playing ? pause() : play())),
    };
    home.append(
      button("start", "To the start", () => { pause(); go(0); }),
      button("back", "One recorded step back", () => { pause(); go(index - 1); }),
      parts.play,
      button("forward", "One recorded step on", () => { pause(); go(index + 1); }),
      button("race", "To the first escape", toRace),
      make("div", { class: "time-track" }, range, scale),
      make("span", { class: "time-said" }, "step ", step),
      speed,
    );
    mark();
    return true;
  };

  const adopt = () => {
    if (!S.cursor.moments()) return;
    if (parts) measure();
    place(chosen === null ? S.cursor.race() : S.cursor.index(chosen));
    S.cursor.refresh();
  };

  const read = () => {
    const given = new URLSearchParams(window.location.search).get("t");
    chosen = given !== null && /^\d+$/.test(given) ? Number(given) : null;
  };

  /* New numbers, from the page or from a drag. */
  S.timed = (moments, frame) => {
    if (!build()) return;
    S.cursor.frame(frame || null);
    S.cursor.take(moments);
    adopt();
  };

  /* t in a query, before what comes after it in the address's order. */
  S.withTime = (query, t) => {
    const given = query.split("&").filter((part) => part && !part.startsWith("t="));
    if (t === null) return given.join("&");
    const after = given.findIndex((part) => /^(lesson|reveal|hide|view|frame)=/.test(part));
    given.splice(after < 0 ? given.length : after, 0, `t=${t}`);
    return given.join("&");
  };
  S.chosenTime = () => chosen;

  window.addEventListener("popstate", () => {
    read();
    adopt();
  });

  window.addEventListener("resize", () => {
    if (parts && S.cursor.moments()) measure();
    S.cursor.refresh();
  });

  document.addEventListener("keydown", (event) => {
    const free = event.target === document.body || (event.target instanceof Element && event.target.closest("#time-bar") && event.target.tagName !== "BUTTON" && event.target.tagName !== "SELECT");
    if (!free || event.ctrlKey || event.metaKey || event.altKey || !parts) return;
    if (!parts.range.offsetParent) return;
    if (event.key === " ") {
      event.preventDefault();
      if (playing) pause();
      else play();
    }
  });

  /* A still click on a plot over time puts the cursor there, or a lesson's prediction. */
  let pressed = null;
  window.addEventListener("pointerdown", (event) => {
    pressed = null;
    if (event.button !== 0 || !(event.target instanceof Element)) return;
    const home = event.target.closest(".plot");
    if (!home || event.target.closest(".modebar")) return;
    const id = S.GRAPHS.slice(1).find((graph) => home.contains(S.graph(graph)));
    if (id) pressed = { id, x: event.clientX, y: event.clientY };
  }, true);
  window.addEventListener("pointerup", (event) => {
    if (!pressed || !S.cursor.moments()) return;
    const { id, x, y } = pressed;
    pressed = null;
    if (Math.hypot(event.clientX - x, event.clientY - y) > 4) return;
    const plot = S.graph(id);
    const { xaxis } = plot._fullLayout;
    const at = event.clientX - plot.getBoundingClientRect().left - xaxis._offset;
    if (at < 0 || at > xaxis._length) return;
    if (id === "distance" && S.predict(Math.round(xaxis.p2d(at)))) return;
    pause();
    go(S.cursor.index(xaxis.p2d(at)));
  }, true);

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.saddlescape = Object.assign(window.dash_clientside.saddlescape || {}, {
    timed: (moments) => S.timed(moments),
  });

  /* Plotly comes after the page: look for the plots until they are there. */
  const wait = () => {
    const there = S.GRAPHS.every((id) => S.graph(id) && S.graph(id)._fullLayout);
    if (there && S.cursor.moments() && build()) adopt();
    else window.requestAnimationFrame(wait);
  };

  read();
  wait();
})();
