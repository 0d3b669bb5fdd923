/* At rest: one entry of the history, the true picture, and Dash told of what is on the screen.

   The true picture is asked for as the hand lets go, where the last answer was not it already, and
   moved into place like any other answer. Dash is told afterwards, a plot at a time, since Plotly
   then draws the same once more; a hand that comes back in between is not kept waiting. */
(() => {
  const S = (window.saddlescape = window.saddlescape || {});
  let committed = ""; // the query drawn at rest
  let committedIn = 0; // the gesture that made its entry of the history
  let arrived = null; // the query whose true figures have come
  let moved = false; // a picture has been drawn since the page was at rest
  let resting = false; // on the way there
  let pushing = true; // false while Back or Forward is being answered
  let last = null; // the newest answer

  const set = (id, props) => window.dash_clientside.set_props(id, props);
  const calm = () => !S.held() && S.gate.idle();
  const stands = (query) => calm() && S.gate.query() === query;
  const later = () => new Promise((done) => window.setTimeout(done, 0));

  const enter = (query) => {
    if (query !== committed && pushing && committedIn !== S.gesture()) {
      S.address.replace(committed);
      S.address.push(query);
    } else {
      S.address.replace(query);
    }
    committed = query;
    committedIn = S.gesture();
    pushing = true;
  };

  /* Whether Dash has been told everything before the hand came back. */
  const tell = async (query, answer) => {
    for (const id of S.GRAPHS) {
      await later();
      if (!stands(query)) return false;
      set(id, { figure: S.figure(id) });
    }
    await later();
    if (!stands(query)) return false;
    S.apply(answer.props);
    set("query", { data: query });
    return true;
  };

  /* The true picture, on the screen; null where it has not come. */
  const picture = async (query) => {
    if (last && last.whole && last.query === query) return last;
    try {
      const answer = await S.gate.rest();
      if (!stands(query)) return null;
      S.draw(answer, true);
      return last ? { ...answer, props: { ...last.props, ...answer.props } } : answer;
    } catch (error) {
      S.say(S.gate.fault(error));
      return null;
    }
  };

  const rest = async (query) => {
    const answer = await picture(query);
    const told = answer && (await tell(query, answer));
    // after what was said last, which has the tab's numbers as the hand had them: fewer paths
    if (told || (!answer && stands(query))) set(`due-${S.tab()}`, { data: query });
    if (!told) return;
    S.timed(answer.moments);
    moved = false;
    arrived = query;
    S.after.forEach((then) => then());
  };

  S.settle = async () => {
    const query = S.gate.query();
    if (resting || !calm() || (query === committed && !moved)) return;
    resting = true;
    moved = true;
    enter(query);
    try {
      await rest(query);
    } finally {
      resting = false;
    }
    if (S.gate.query() !== query) S.settle();
  };

  S.stirred = (answer) => {
    last = answer;
    moved = true;
  };

  /* The cursor stands at another step: the same picture, another address. */
  S.retime = (t) => {
    const before = S.gate.query();
    const after = S.withTime(before, t);
    if (!S.gate.idle() || after === before) return;
    S.gate.open(after);
    S.address.replace(after);
    if (committed === before) committed = after;
    if (arrived === before) arrived = after;
  };

  S.rested = () =>
    !S.held() && !moved && !resting && arrived === S.gate.query() && committed === arrived;

  /* The page has opened on a query; then its first plots are there. */
  S.opened = (query) => {
    committed = query;
  };
  S.arrived = () => {
    arrived = committed;
    S.after.forEach((then) => then());
  };

  window.addEventListener("popstate", () => {
    pushing = false;
    S.gate.go(S.address.query());
  });
})();
