/* The hand: what it moves becomes an edit, and when it lets go the picture and the address are
   made true (rest.js). The controls follow the server's answer. */
(() => {
  const S = (window.saddlescape = window.saddlescape || {});
  const WORDS = /^(chip-\d+|reading|race)$/; // what is said in words of the state under the hand
  const AT_ONCE = /^(notice|notice-text|reading|race|chip-\d+|(row|why)-.+)$/;
  const known = {}; // component -> the props it shows, so that only what changes is set
  const painted = new Set(); // components that show words which Dash has not been told
  let held = ""; // the slider under the hand
  let gesture = 0; // one visit of the hand; it makes one entry of the history (rest.js)

  const set = (id, props) => window.dash_clientside.set_props(id, props);
  const keyOf = (id) => id.replace(/^(slider|field)-/, "");
  const isSlider = (id) => id.startsWith("slider-");

  const speak = (key, field) => {
    const slider = document.getElementById(`slider-${key}`);
    const thumb = slider && slider.querySelector("[role=slider]");
    if (thumb) thumb.setAttribute("aria-valuetext", field.value || field.placeholder || "");
  };

  const speakAll = () =>
    Object.keys(known)
      .filter((id) => id.startsWith("field-"))
      .forEach((id) => speak(keyOf(id), known[id]));

  const differs = (id, props) =>
    Object.keys(props).some(
      (name) => JSON.stringify((known[id] || {})[name]) !== JSON.stringify(props[name]),
    );

  /* React changes only what differs from what it was last told: under words that it does not know
     of, the same words as before would change nothing. */
  const mend = (id, props) => {
    const part = document.getElementById(id);
    if (part && !S.write(part, { ...known[id], ...props })) S.write(part, known[id]);
  };

  const apply = (all, busy) => {
    for (const [id, props] of Object.entries(all)) {
      // What the hand holds, or has moved since, is not taken from it.
      if (isSlider(id) && (id === held || busy(keyOf(id)))) continue;
      if (painted.delete(id)) mend(id, props);
      if (!differs(id, props)) continue;
      known[id] = { ...known[id], ...props };
      set(id, props);
      if (id.startsWith("field-")) speak(keyOf(id), known[id]);
    }
  };

  /* While the hand moves, words are written straight into the page: telling Dash of one word costs
     more than drawing all four plots. Dash is told of figures and notices; of the rest at rest. */
  const paint = (all, busy) => {
    const rest = {};
    for (const [id, props] of Object.entries(all)) {
      const part = document.getElementById(id);
      const beside = id.startsWith("field-") && known[`slider-${keyOf(id)}`];
      const written = part && (beside || WORDS.test(id)) && S.write(part, props);
      if (written) painted.add(id);
      if (written && beside) speak(keyOf(id), props);
      if (!written && ("figure" in props || AT_ONCE.test(id))) rest[id] = props;
    }
    apply(rest, busy);
  };

  S.say = (text) => {
    apply({ "notice-text": { children: text }, notice: { hidden: !text } }, () => false);
  };

  S.show = (answer, busy) => {
    S.draw(answer);
    S.address.replace(answer.query);
    S.dress(answer.look);
    S.stirred(answer);
    paint(answer.props, busy);
    S.after.forEach((then) => then());
  };

  const push = (key, value) => {
    if (key === "theme") S.remember(value);
    S.gate.push(key, value);
  };

  S.push = push;
  S.apply = (all) => apply(all, () => false);
  S.held = () => held;
  S.gesture = () => gesture;
  S.tab = () => known.tabs.value;
  S.after = S.after || []; // what else follows a picture

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.saddlescape = Object.assign(window.dash_clientside.saddlescape || {}, {
    /* A control has a new value: an edit, unless the page itself has just set it. */
    moved: (value) => {
      const id = window.dash_clientside.callback_context.triggered_id;
      if (id && value !== null && value !== undefined && (known[id] || {}).value !== value) {
        known[id] = { ...known[id], value };
        push(keyOf(id), value);
      }
    },
    turned: (value) => {
      if ((known.tabs || {}).value === value) return;
      known.tabs = { value };
      gesture += 1;
      push("tab", value);
    },
    /* A tab is built when it is first open, and stays. */
    kept: (open, tab) => {
      if (open !== tab) return window.dash_clientside.no_update;
      window.setTimeout(speakAll, 0);
      return true;
    },
    opened: (shown, query, ...figures) => {
      S.dress(shown.look.data);
      Object.assign(known, shown);
      speakAll();
      S.gate.open(query);
      S.address.replace(query);
      S.cameWhole(Object.fromEntries(S.GRAPHS.map((id, i) => [id, figures[i]])));
      S.opened(query);
    },
    looked: (looks) => {
      S.looked(looks);
      S.arrived();
    },
  });

  const sliderOf = (target) => {
    const slider = target instanceof Element && target.closest(".slider");
    return slider ? slider.id : "";
  };

  /* A thumb's own value, as soon as it has moved: Dash hears of it when the hand lets go. */
  new MutationObserver((records) => {
    for (const { target } of records) {
      const id = sliderOf(target);
      const value = Number(target.getAttribute("aria-valuenow"));
      if (!isSlider(id) || !known[id] || known[id].value === value) continue;
      known[id] = { ...known[id], value };
      push(keyOf(id), value);
    }
  }).observe(document, { subtree: true, attributes: true, attributeFilter: ["aria-valuenow"] });

  const letGo = () => {
    if (!held) return;
    held = "";
    // The last move is still on its way through Dash: it joins this gesture when it comes.
    window.setTimeout(S.settle, 0);
  };

  window.addEventListener("pointerdown", (event) => {
    gesture += 1;
    held = sliderOf(event.target);
  }, true);
  window.addEventListener("pointerup", letGo, true);
  window.addEventListener("pointercancel", letGo, true);
  window.addEventListener("keydown", (event) => {
    const slider = sliderOf(event.target);
    if (!event.repeat && !(slider && slider === S.lastKeyed)) gesture += 1;
    S.lastKeyed = slider;
    if (slider && event.key !== "Tab") held = slider;
  }, true);
  window.addEventListener("keyup", letGo, true);
  window.addEventListener("blur", letGo);

  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    const button = event.target.closest("[data-edit],[data-dice],[data-dismiss]");
    if (!button) return;
    const { edit, dice, dismiss } = button.dataset;
    const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey; // a link in a new tab
    if (button.tagName === "A" && elsewhere) return;
    if (button.tagName === "A") event.preventDefault();
    if (edit) Object.entries(JSON.parse(edit)).forEach(([key, value]) => push(key, value));
    if (dice) push(dice, String(Math.floor(Math.random() * 10000))); // short, to be told aloud
    if (dismiss) S.say("");
  });
})();
