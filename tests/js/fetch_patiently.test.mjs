/** A refused request is repeated, later and later, and not for ever. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fetchPatiently } from "../../assets/modules/fetch_patiently.mjs";

/** Ask a server that answers with these statuses, the last one for ever. */
async function ask(statuses) {
  const pauses = [];
  let asked = 0;
  const world = {
    ask: async () => ({ status: statuses[Math.min(asked++, statuses.length - 1)] }),
    pause: async (ms) => pauses.push(ms),
  };
  const { status } = await fetchPatiently("/live", world);
  return { status, asked, pauses };
}

test("what is answered or refused for another reason is asked for once", async () => {
  for (const status of [200, 400, 404, 500]) {
    assert.deepEqual(await ask([status]), { status, asked: 1, pauses: [] });
  }
});

test("an overloaded server is asked again until it answers, and waited for longer each time", async () => {
  const { status, asked, pauses } = await ask([429, 503, 429, 200]);
  assert.deepEqual([status, asked], [200, 4]);
  pauses.forEach((ms, n) => {
    assert.ok(ms >= 100 * 2 ** n && ms <= 300 * 2 ** n, `${pauses}`);
  });
});

test("after some time the refusal is told", async () => {
  const { status, asked } = await ask([503]);
  assert.deepEqual([status, asked], [503, 7]);
});
