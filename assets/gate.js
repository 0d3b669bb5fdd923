/* The drag gate: one request in flight, the newest value wins; never delayed, never aborted.
   DESIGN.md section 8. */
(() => {
  const S = (window.saddlescape = window.saddlescape || {});

  let query = ""; // what the server last said the page's query is
  let pending = {}; // edits not yet sent: control -> newest value, in the order of the hand
  let waiting = false; // an answer is due even without an edit (Back, Forward)
  let inFlight = false;

  const idle = () => !inFlight && !waiting && Object.keys(pending).length === 0;

  const ask = async (edits, more = {}) => {
    const parts = {
      q: query,
      look: S.look(),
      have: S.have(),
      edits: JSON.stringify(edits),
      ...more,
    };
    const response = await fetch(`${S.prefix()}live?${new URLSearchParams(parts)}`);
    if (!response.ok) throw new Error(await response.text());
    return response.json();
  };

  const pump = async () => {
    if (inFlight || idle()) return;
    const edits = pending;
    pending = {};
    waiting = false;
    inFlight = true;
    let answer = null;
    let fault = "";
    try {
      answer = await ask(edits, S.held() ? {} : { hand: "off" });
      if (!waiting) query = answer.query;
    } catch (error) {
      fault = S.gate.fault(error);
    }
    inFlight = false;
    const stale = waiting; // Back or Forward was pressed while it was on its way
    if (!fault) {
      if (!stale) S.looked(answer.looks); // as good as drawn: what is asked for next need not be sent whole
      pump(); // the next request goes out before this answer is drawn
    }
    if (fault) S.say(fault);
    else if (!stale) S.show(answer, (key) => key in pending);
    S.settle();
  };

  S.gate = {
    push: (key, value) => {
      delete pending[key]; // the newest edit is the last one
      pending[key] = value;
      pump();
    },
    /* Another query altogether: from Back and Forward. */
    go: (to) => {
      query = to;
      pending = {};
      waiting = true;
      pump();
    },
    open: (at) => {
      query = at;
    },
    /* The query as it is drawn at rest: all paths, all arrows. */
    rest: () => ask({}, { rest: 1 }),
    fault: (error) => `The server does not answer (${error.message}); the last picture stays.`,
    query: () => query,
    idle,
  };
})();
