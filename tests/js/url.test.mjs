/** Queries: the step in its canonical place, and the link to share. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { shareLink, stepOf, withStep } from "../../assets/modules/url.mjs";

const LATER = ["lesson", "reveal", "hide", "view"];
const set = (query, t) => withStep(query, t, LATER);

test("a step stands before the keys that come after it, and after all others", () => {
  assert.equal(set("", 5), "t=5");
  assert.equal(set("T=100&tab=explore", 5), "T=100&tab=explore&t=5");
  assert.equal(set("T=100&hide=T&view=embed", 5), "T=100&t=5&hide=T&view=embed");
  assert.equal(set("T=100&hidden=1&lesson=2", 0), "T=100&hidden=1&t=0&lesson=2");
});

test("a query has one step: the newest; null takes it away; no other part changes", () => {
  for (const query of ["", "T=100", "T=100&view=embed", "theme=dark&hide=T&view=embed"]) {
    assert.equal(set(set(query, 5), 7), set(query, 7));
    assert.equal(set(set(query, 5), null), query);
    assert.equal(stepOf(set(query, 5)), 5);
  }
});

test("a step is a decimal number", () => {
  assert.equal(stepOf("t=0"), 0);
  assert.equal(stepOf("T=9&t=120"), 120);
  for (const text of ["", "T=9", "t=", "t=-1", "t=1.5", "t=abc"]) assert.equal(stepOf(text), null);
});

test("a link has the dialog's choices in place of the query's own", () => {
  const link = (query, hidden, view) => shareLink("https://x/", query, hidden, view);
  assert.equal(link("", [], "page"), "https://x/");
  assert.equal(link("T=100", [], "page"), "https://x/?T=100");
  assert.equal(link("T=100&hide=T&view=present", [], "page"), "https://x/?T=100");
  assert.equal(
    link("T=100&hide=T", ["beta", "eta"], "embed"),
    "https://x/?T=100&hide=beta,eta&view=embed",
  );
});
