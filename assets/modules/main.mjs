/** Entry module: starts and connects the modules, registers the functions that Dash calls. */
import * as commit from "./commit.mjs";
import * as controls from "./controls.mjs";
import * as cursor from "./cursor.mjs";
import { observeAria } from "./dom_patch.mjs";
import * as editButtons from "./edit_buttons.mjs";
import * as help from "./help.mjs";
import * as highlight from "./highlight.mjs";
import * as keyboard from "./keyboard.mjs";
import { observeMath } from "./mathml.mjs";
import * as pickers from "./plot_pickers.mjs";
import * as plotResize from "./plot_resize.mjs";
import * as plots from "./plots.mjs";
import * as prediction from "./prediction.mjs";
import * as print from "./print.mjs";
import * as share from "./share.mjs";
import * as sliders from "./sliders.mjs";
import * as timebar from "./timebar.mjs";
import * as touch from "./touch.mjs";
import { withZoom } from "./zoom.mjs";

const namespace = window.dash_clientside.saddlescape;
const { config, theme } = namespace;

observeAria();
observeMath();
plots.start(config, withZoom);
plotResize.start();
cursor.start(config);
controls.start(config, theme, {
  settled: commit.settle,
  answered: commit.recordAnswer,
  commitsNow: commit.commitsNow,
  drawn: prediction.update,
});
editButtons.start();
sliders.start(config);
commit.start(config, prediction.update);
timebar.start(commit.setStep);
prediction.start();
pickers.start(config);
highlight.start(config);
share.start(config);
keyboard.start(config);
touch.start();
help.start();
print.start(config, theme);

Object.assign(namespace, controls.callbacks, prediction.callbacks);
Object.assign(namespace, share.callbacks, {
  page_loaded: (
    /** @type {any} */ props,
    /** @type {string} */ query,
    /** @type {any[]} */ ...figures
  ) => {
    controls.loadPage(props, query, figures);
    commit.loadPage(query);
  },
  figures_loaded: (/** @type {Record<string, string>} */ looks) => {
    plots.recordFingerprints(looks);
    commit.loadFigures();
    help.bindAll();
  },
  title_changed: (/** @type {string} */ title) => {
    document.title = title;
  },
  cursor_data_loaded: (/** @type {any} */ data) => timebar.setData(data),
});
