/**
 * Print: one sheet with the headline, the plots as they stand, the parameters, the link and its QR
 * code, in the light theme (assets/print.css).
 *
 * A page must be ready when its `beforeprint` listeners return, so the two requests here block.
 */
import { drawAnswer, queue } from "./controls.mjs";
import { patchProps } from "./dom_patch.mjs";
import { getPlot } from "./plots.mjs";

/** Room for the plots on a sheet of A4 or Letter, px. */
const SHEETS = { portrait: [700, 640], landscape: [640, 520] };
const MOST_TEXT = 280; // px of a sheet's height for a lesson's text
const TEXTS = ["reading", "race"];
const LESSON = ".lesson-title, .formula, .prose, .question, .said";
const UNTOLD = ".note-box, [hidden]"; // the teacher's note, and what is not revealed
const FROZEN = ".plot, .tab-side"; // parts of a tab that keep their places

/** @type {ClientConfig} */
let config;
/** @type {ThemeStore} */
let themes;
let isLight = true; // whether the screen is
/** @type {HTMLElement[]} */
let frozen = [];

/** Return the answer to a request that blocks, or null. @param {string} url */
function ask(url) {
  const request = new XMLHttpRequest();
  try {
    request.open("GET", config.prefix + url, false);
    request.send();
    return request.status === 200 ? request : null;
  } catch {
    return null; // offline: printed as it is
  }
}

/** Return the path of the request for a query's figures and texts in a theme. */
function pathOf(/** @type {string} */ query, /** @type {string} */ look) {
  return `live?${new URLSearchParams({ q: query, look, have: ",,,", edits: "{}", hand: "off" })}`;
}

/** Draw an answer; its texts have the theme's colours. */
function draw(/** @type {import("./controls.mjs").Answer} */ answer) {
  themes.apply(answer.look);
  drawAnswer(answer);
  for (const [id, { figure }] of Object.entries(answer.props)) {
    const plot = figure && getPlot(id); // of the open tab
    if (plot) window.Plotly.react(plot, figure.data, figure.layout);
  }
  for (const id of TEXTS) {
    const element = document.getElementById(id);
    if (element && answer.props[id]) patchProps(element, answer.props[id]);
  }
}

/** Draw the page in the light theme. */
function drawLight() {
  isLight = document.documentElement.dataset.theme !== "dark";
  if (isLight) return;
  const query = new URLSearchParams(queue.query);
  query.delete("theme");
  const answer = ask(pathOf(String(query), "light"));
  if (answer) draw(JSON.parse(answer.responseText));
}

/** @type {(name: string, ...children: (Node | string)[]) => HTMLElement} */
function create(name, ...children) {
  const element = document.createElement(name);
  element.append(...children);
  return element;
}

/** Return the text of a row's control. @param {Element} row */
function valueOfRow(row) {
  const inputs = [...row.querySelectorAll("input:not([type=radio], [type=hidden]), input:checked")];
  return inputs
    .map((input) => {
      const { type, value, placeholder, id } = /** @type {HTMLInputElement} */ (input);
      return type === "radio"
        ? row.querySelector(`label[for="${CSS.escape(id)}"]`)?.textContent || value
        : value || placeholder;
    })
    .filter(Boolean)
    .join(", ");
}

/** Return the controls that have an effect, with their values. */
function parameters() {
  const list = create("dl");
  for (const row of document.querySelectorAll(
    ".rail .control:not([hidden], .unused), .race-strip .control",
  )) {
    const { hidden } = /** @type {HTMLElement} */ (row.closest("[hidden]") ?? row);
    const name = [...row.querySelectorAll(".symbol, .name")].map((part) => part.textContent);
    const value = valueOfRow(row);
    if (!hidden && value)
      list.append(create("div", create("dt", name.join(" ")), create("dd", value)));
  }
  return list;
}

/** Return the link with its QR code. */
function link() {
  const { href } = window.location;
  const code = ask(`qr.svg?${new URLSearchParams({ link: href })}`)?.responseXML?.documentElement;
  return create("div", ...(code ? [document.adoptNode(code)] : []), create("p", href));
}

/**
 * Return where boxes stand on the sheet, px: as on the screen, a phone's column as two columns.
 * @param {DOMRect[]} boxes
 */
function arrange(boxes) {
  const [left, top] = [Math.min(...boxes.map((b) => b.left)), Math.min(...boxes.map((b) => b.top))];
  const isColumn = boxes.length > 2 && boxes.every((box) => box.left === left);
  let below = 0;
  return boxes.map(({ left: x, top: y, width: w, height: h }, i) => {
    if (!isColumn || i === 0) return { x: x - left, y: isColumn ? 0 : y - top, w, h };
    below += h;
    return { x: boxes[0].width, y: below - h, w, h };
  });
}

/** Return the open lesson as it stands on the screen, without the teacher's note; or null. */
function lesson() {
  const isOpen = document.querySelector("#tabs-tab-lessons[aria-selected=true]");
  const told = isOpen ? document.querySelectorAll(`.lesson:has(.lesson-steps) :is(${LESSON})`) : [];
  const parts = [...told].filter((part) => part.textContent && !part.closest(UNTOLD));
  if (!parts.length) return null;
  const copies = parts.map((part) => /** @type {Element} */ (part.cloneNode(true)));
  for (const copy of copies) copy.removeAttribute("id");
  const section = create("section", ...copies);
  section.className = "print-lesson";
  return section;
}

/**
 * Keep the parts of the open tab where they stand on the screen, to be scaled as one.
 * @param {number} taken height of the text over them, px
 */
function freeze(taken) {
  const shown = (/** @type {Element} */ part) =>
    part.getClientRects().length > 0 && part.checkVisibility({ visibilityProperty: true });
  const panel = [...document.querySelectorAll(".main .panel")].find(shown);
  if (!(panel instanceof HTMLElement)) return;
  const parts = [.../** @type {NodeListOf<HTMLElement>} */ (panel.querySelectorAll(FROZEN))].filter(
    shown,
  );
  const boxes = parts.map((part) => part.getBoundingClientRect());
  const places = arrange(boxes);
  const width = Math.max(...places.map(({ x, w }) => x + w));
  const height = Math.max(...places.map(({ y, h }) => y + h));
  frozen = [panel, ...parts];
  for (const part of frozen) part.classList.add("printed");
  parts.forEach((part, i) => {
    for (const [name, px] of Object.entries(places[i]))
      part.style.setProperty(`--print-${name}`, `${px}px`);
  });
  panel.style.setProperty("--print-w", `${width}px`);
  panel.style.setProperty("--print-h", `${height}px`);
  for (const [name, [across, down]] of Object.entries(SHEETS))
    panel.style.setProperty(
      `--print-${name}`,
      String(Math.min(across / width, (down - taken) / height, 1)),
    );
}

function prepare() {
  restore();
  drawLight();
  const text = lesson();
  if (text) document.getElementById("plots")?.prepend(text);
  freeze(Math.min(text?.offsetHeight ?? 0, MOST_TEXT));
  const notes = create("section", parameters(), link());
  notes.className = "print-notes";
  document.getElementById("plots")?.append(notes);
}

function restore() {
  for (const part of frozen) part.classList.remove("printed");
  frozen = [];
  for (const part of document.querySelectorAll(".print-notes, .print-lesson")) part.remove();
}

async function onAfterPrint() {
  restore();
  if (isLight) return;
  const answer = await fetch(config.prefix + pathOf(queue.query, themes.preferred()));
  if (answer.ok) draw(await answer.json());
}

/** @type {(givenConfig: ClientConfig, givenThemes: ThemeStore) => void} */
export function start(givenConfig, givenThemes) {
  config = givenConfig;
  themes = givenThemes;
  window.addEventListener("beforeprint", prepare);
  window.addEventListener("afterprint", onAfterPrint);
}
