/** Which module imports which: the ground imports none of ours, and there is no circle. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const FOLDER = new URL("../../assets/modules/", import.meta.url);
const IMPORTED = /^(?:import|export)\b[^;]*?\bfrom "\.\/([\w]+\.mjs)";/gm;
const names = readdirSync(FOLDER);
const imports = Object.fromEntries(
  names.map((name) => {
    const source = readFileSync(new URL(name, FOLDER), "utf8");
    return [name, [...source.matchAll(IMPORTED)].map(([, imported]) => imported)];
  }),
);

/** The modules that a module needs, itself among them once for each way to it. */
function reach(name, path = []) {
  assert.ok(!path.includes(name), `a circle: ${[...path, name].join(" → ")}`);
  return [name, ...imports[name].flatMap((next) => reach(next, [...path, name]))];
}

test("no module imports itself, directly or through others", () => {
  for (const name of names) reach(name);
});

test("the request queue, the plots and the URL import none of ours", () => {
  for (const name of ["request_queue.mjs", "plots.mjs", "url.mjs", "cursor_math.mjs"]) {
    assert.deepEqual(imports[name], []);
  }
});

test("the entry reaches every module, and none is longer than 300 lines", () => {
  assert.deepEqual([...new Set(reach("main.mjs"))].sort(), names.sort());
  for (const name of names) {
    const lines = readFileSync(new URL(name, FOLDER), "utf8").split("\n").length;
    assert.ok(lines <= 300, `${name}: ${lines} lines`);
  }
});
