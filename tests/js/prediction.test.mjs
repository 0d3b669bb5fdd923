/** What is said of a prediction once the answer is known. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { verdict } from "../../assets/modules/prediction.mjs";
import { generator } from "./random.mjs";

test("a factor of two digits, late or early", () => {
  assert.equal(verdict(180_000, 39_777), "4.5× too late");
  assert.equal(verdict(39_777, 180_000), "4.5× too early");
  assert.equal(verdict(2_000, 1), "2,000× too late");
  assert.equal(verdict(0, 10), "too early");
});

test("close ones are told apart by as many digits as it takes", () => {
  assert.equal(verdict(39_750, 39_777), "exactly, to three digits");
  assert.equal(verdict(41_000, 40_000), "1.03× too late"); // not 1.0×
  assert.equal(verdict(99_500, 99_900), "1.004× too early"); // not 1.00×
});

test("the factor takes the prediction to the truth, and never is one", () => {
  const random = generator(15);
  for (let i = 0; i < 2000; i += 1) {
    const truth = Math.round(10 ** (1 + 5 * random())) + 0.5 * Math.round(random());
    const near = 1 + (random() - 0.5) * 10 ** -Math.floor(4 * random());
    const said = Math.round(truth * (random() < 0.5 ? near : 10 ** (4 * random() - 2)));
    if (said < 1) continue;
    const words = verdict(said, truth);
    if (said.toPrecision(3) === truth.toPrecision(3)) {
      assert.equal(words, "exactly, to three digits");
      continue;
    }
    const [, factor, way] = /^([\d,.]+)× too (late|early)$/.exec(words);
    assert.equal(way, said > truth ? "late" : "early");
    const value = Number(factor.replaceAll(",", ""));
    assert.ok(value > 1, words);
    const moved = way === "late" ? said / value : said * value;
    assert.ok(Math.abs(moved / truth - 1) < 0.05, `${words} for ${said} and ${truth}`);
  }
});
