/* Share and take away: the link with its choices, copies, downloads; each says what came of it. */
(() => {
  const S = (window.saddlescape = window.saddlescape || {});
  const OWN = ["hide", "view"]; // keys that the dialog's choices replace

  const link = (hidden, view) => {
    const kept = S.gate.query().split("&").filter((part) => part && !OWN.includes(part.split("=")[0]));
    if (hidden.length) kept.push(`hide=${hidden.join(",")}`);
    if (view !== "page") kept.push(`view=${view}`);
    const base = window.location.origin + window.location.pathname;
    return kept.length ? `${base}?${kept.join("&")}` : base;
  };

  const say = (id, text) => {
    const said = document.getElementById(id);
    if (said) said.textContent = text;
    else S.say(text);
  };

  const copy = async (text, said, done) => {
    try {
      await navigator.clipboard.writeText(text);
      say(said, done);
      return true;
    } catch {
      say(said, "This browser does not let the page copy: the text is chosen, press Ctrl+C.");
      return false;
    }
  };

  const copyField = async (id, said) => {
    const field = document.getElementById(id);
    if (!(await copy(field.value, said, "Copied."))) field.select();
  };

  const copyScript = async (library, said) => {
    const name = library === "torch" ? "PyTorch" : "NumPy";
    try {
      const response = await fetch(`${S.prefix()}script/${library}.py?${S.gate.query()}`);
      if (!response.ok) throw new Error(await response.text());
      const text = await response.text();
      await navigator.clipboard.writeText(text);
      say(said, `Copied: a ${name} script of ${text.split("\n").length} lines.`);
    } catch (error) {
      say(said, `The ${name} script was not copied (${error.message}); “save” keeps it as a file.`);
    }
  };

  /* Explore's plots are moved past Plotly while the hand moves; the others are what Plotly has. */
  const dataOf = async (graph) => {
    if (!S.GRAPHS.includes(graph)) return S.graph(graph).data;
    const { frame, figures } = await S.gate.rest();
    return (figures[graph] || S.figure(graph, frame)).data;
  };

  /* The plot with the time bar's step and the reader's zoom: what is on the screen. */
  const saveImage = async (graph, kind) => {
    const plot = S.graph(graph);
    const size = { width: plot.clientWidth, height: plot.clientHeight };
    const file = { format: kind, filename: graph, ...size, scale: 2 };
    try {
      const data = await dataOf(graph);
      await window.Plotly.downloadImage({ data, layout: plot.layout }, file);
      say("take-said", `Saved ${graph}.${kind}.`);
    } catch (error) {
      say("take-said", `The plot was not saved (${error.message || error}).`);
    }
  };

  const marked = (points) =>
    points.some(({ x, z }) => (z ? z.flat().some(Number.isFinite) : Number.isFinite(x)));

  const drawn = (graph) => {
    const plot = S.graph(graph);
    return Boolean(plot && plot.calcdata && plot.offsetParent && plot.calcdata.some(marked));
  };

  /* Of the open tab's plots those with something in them. */
  const offerPlots = () => {
    const rows = [...document.querySelectorAll("[data-plot]")];
    rows.forEach((row) => {
      row.hidden = !drawn(row.dataset.plot);
    });
    const some = rows.some((row) => !row.hidden);
    document.querySelectorAll("[data-plots]").forEach((said) => {
      said.hidden = (said.dataset.plots === "some") !== some;
    });
  };

  const name = (anchor, path, file) => {
    anchor.href = `${S.prefix()}${path}`;
    anchor.download = file;
  };

  const fillLinks = () => {
    const query = S.gate.query();
    document.querySelectorAll("[data-format]").forEach((anchor) => {
      const file = `run.${anchor.dataset.format}`;
      name(anchor, `take/${file}?${query}`, `saddlescape.${anchor.dataset.format}`);
    });
    document.querySelectorAll("[data-saves]").forEach((anchor) => {
      const { saves } = anchor.dataset;
      name(anchor, `script/${saves}.py?${query}`, `saddlescape_${saves}.py`);
    });
  };

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.saddlescape = Object.assign(window.dash_clientside.saddlescape || {}, {
    toggled: (presses, opened) => {
      fillLinks();
      offerPlots();
      ["share-said", "take-said"].forEach((id) => say(id, ""));
      return !opened;
    },
    shared: (opened, hidden, view) => {
      if (!opened) {
        const { no_update: same } = window.dash_clientside;
        return [same, same];
      }
      return [link(hidden || [], view), link(hidden || [], "embed")];
    },
  });

  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    const button = event.target.closest("[data-copy],[data-script],[data-image]");
    if (!button) return;
    const { copy: field, said, script, image, graph } = button.dataset;
    if (field) copyField(field, said);
    if (script) copyScript(script, said);
    if (image) saveImage(graph, image);
  });
})();
