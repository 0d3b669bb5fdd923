/** One request in flight, the newest value of each control wins, and what is stale is not shown. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { RequestQueue } from "../../assets/modules/request_queue.mjs";
import { generator } from "./random.mjs";

const tasksDone = () => new Promise((done) => setImmediate(done));

/** A queue, and a server whose answers come when the test says so. */
function connect() {
  const sent = [];
  const shown = [];
  const log = [];
  const queue = new RequestQueue({
    send: (query, edits) =>
      new Promise((resolve, reject) => sent.push({ query, edits, resolve, reject })),
    received: ({ query }) => log.push(`received ${query}`),
    show: (answer, isPending) => {
      log.push(`show ${answer.query}`);
      shown.push({ answer, isPending });
    },
    failed: ({ message }) => log.push(`failed ${message}`),
    settled: () => log.push("settled"),
  });
  const answer = async (query) => {
    sent.at(-1).resolve({ query });
    await tasksDone();
  };
  return { queue, sent, shown, log, answer };
}

test("an edit is sent at once, with the newest query", () => {
  const { queue, sent } = connect();
  queue.setQuery("T=100");
  assert.equal(queue.isIdle, true);
  queue.push("beta", 1);
  assert.deepEqual([sent[0].query, sent[0].edits], ["T=100", { beta: 1 }]);
  assert.equal(queue.isIdle, false);
});

test("while a request is in flight, only the newest value of each control is kept", async () => {
  const { queue, sent, answer } = connect();
  queue.push("beta", 1);
  queue.push("beta", 2);
  queue.push("eta", 5);
  queue.push("beta", 3);
  assert.equal(sent.length, 1);
  await answer("beta=1");
  assert.equal(sent.length, 2);
  assert.deepEqual(Object.entries(sent[1].edits), [
    ["eta", 5],
    ["beta", 3],
  ]);
  assert.equal(sent[1].query, "beta=1");
});

test("the next request goes out before an answer is shown", async () => {
  const { queue, sent, shown, log, answer } = connect();
  queue.push("beta", 1);
  queue.push("eta", 2);
  await answer("a");
  assert.deepEqual(log, ["received a", "show a", "settled"]);
  assert.equal(sent.length, 2);
  assert.equal(shown[0].isPending("eta"), false); // it is on its way
  queue.push("eta", 3);
  assert.equal(shown[0].isPending("eta"), true);
  assert.equal(shown[0].isPending("beta"), false);
});

test("an answer to a query that was replaced meanwhile is not shown", async () => {
  const { queue, sent, log, answer } = connect();
  queue.push("beta", 1);
  queue.push("beta", 2);
  queue.replaceQuery("back");
  await answer("forward");
  assert.deepEqual(log, ["settled"]);
  assert.deepEqual([sent[1].query, sent[1].edits], ["back", {}]);
  await answer("back");
  assert.equal(queue.query, "back");
  assert.deepEqual(log, ["settled", "received back", "show back", "settled"]);
});

test("after an error the query stays, and the next edit is sent", async () => {
  const { queue, sent, log } = connect();
  queue.setQuery("q");
  queue.push("beta", 1);
  sent[0].reject(new Error("gone"));
  await tasksDone();
  assert.deepEqual(log, ["failed gone", "settled"]);
  assert.deepEqual([queue.query, queue.isIdle], ["q", true]);
  queue.push("beta", 2);
  assert.deepEqual([sent[1].query, sent[1].edits], ["q", { beta: 2 }]);
});

test("whatever the order of edits and answers, the server ends with the newest values", async () => {
  for (let seed = 1; seed <= 50; seed += 1) {
    const random = generator(seed);
    const { queue, sent, answer } = connect();
    const wanted = {};
    const held = {}; // what the server has
    let answered = 0;
    const answerNext = async () => {
      Object.assign(held, sent[answered].edits);
      answered += 1;
      await answer(`state ${answered}`);
    };
    for (let i = 0; i < 30; i += 1) {
      if (random() < 0.6) {
        const key = "abc"[Math.floor(3 * random())];
        wanted[key] = random();
        queue.push(key, wanted[key]);
      } else if (answered < sent.length) {
        await answerNext();
      }
      assert.ok(sent.length - answered <= 1, `seed ${seed}: two requests in flight`);
    }
    while (answered < sent.length) await answerNext();
    assert.deepEqual(held, wanted, `seed ${seed}`);
    assert.equal(queue.isIdle, true);
    assert.equal(queue.query, `state ${answered}`);
  }
});
