/** One request in flight, the newest value of each control wins, and what is stale is not shown. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { RequestQueue } from "../../assets/modules/request_queue.mjs";
import { generator } from "./random.mjs";

const tasksDone = () => new Promise((done) => setImmediate(done));

/** A queue, and a server whose answers come when the test says so. */
function connect(most = () => 1) {
  const sent = [];
  const shown = [];
  const log = [];
  const queue = new RequestQueue({
    most,
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

test("several requests in flight: each has all edits since its query", async () => {
  const { queue, sent, log } = connect(() => 3);
  queue.setQuery("q");
  for (const value of [1, 2, 3, 4]) queue.push("beta", value);
  queue.push("eta", 9);
  assert.deepEqual(
    sent.map(({ query, edits }) => [query, edits]),
    [1, 2, 3].map((beta) => ["q", { beta }]),
  );
  sent[0].resolve({ query: "q1" });
  await tasksDone();
  // 2 and 3 are in flight with q; what follows q1 holds them too
  assert.deepEqual([sent[3].query, sent[3].edits], ["q1", { beta: 4, eta: 9 }]);
  sent[2].resolve({ query: "q3" });
  await tasksDone();
  sent[1].resolve({ query: "q2" }); // overtaken: neither shown nor built on
  await tasksDone();
  assert.equal(queue.query, "q3");
  sent[3].resolve({ query: "q4" });
  await tasksDone();
  const shown = log.filter((line) => line.startsWith("show"));
  assert.deepEqual(shown, ["show q1", "show q3", "show q4"]);
  assert.deepEqual([queue.query, queue.isIdle], ["q4", true]);
});

test("a value that an earlier request still carries is part of the next one", async () => {
  const { queue, sent } = connect(() => 3);
  queue.push("eta", 1);
  queue.push("beta", 2);
  queue.push("N", 3);
  assert.deepEqual(sent[2].edits, { eta: 1, beta: 2, N: 3 });
  sent[0].reject(new Error("lost"));
  sent[1].resolve({ query: "eta=1&beta=2" });
  await tasksDone();
  queue.push("R", 4);
  assert.deepEqual([sent[3].query, sent[3].edits], ["eta=1&beta=2", { N: 3, R: 4 }]);
});

test("Back drops all that is in flight, and waits until it is answered", async () => {
  const { queue, sent, log } = connect(() => (sent?.length ? 1 : 2));
  queue.push("beta", 1);
  queue.replaceQuery("back");
  assert.equal(sent.length, 1);
  sent[0].resolve({ query: "forward" });
  await tasksDone();
  assert.deepEqual([sent[1].query, sent[1].edits], ["back", {}]);
  assert.deepEqual(log, ["settled"]);
});

test("however late and in whatever order answers come, the newest values are shown last", async () => {
  for (let seed = 1; seed <= 100; seed += 1) {
    const random = generator(seed);
    const { queue, sent, shown } = connect(() => 1 + Math.floor(4 * random()));
    const wanted = {};
    const answered = new Set();
    // the server: a query is the edits that led to it, as JSON
    const answer = async (i) => {
      answered.add(i);
      const { query, edits, resolve, reject } = sent[i];
      if (random() < 0.1 && i < sent.length - 1) reject(new Error("lost"));
      else resolve({ query: JSON.stringify({ ...JSON.parse(query || "{}"), ...edits }) });
      await tasksDone();
    };
    for (let i = 0; i < 60; i += 1) {
      const open = [...sent.keys()].filter((k) => !answered.has(k));
      if (random() < 0.5 || !open.length) {
        const key = "abc"[Math.floor(3 * random())];
        wanted[key] = i;
        queue.push(key, i);
      } else {
        await answer(open[Math.floor(open.length * random())]);
      }
    }
    for (let i = 0; i < sent.length; i += 1) if (!answered.has(i)) await answer(i);
    const values = shown.map(({ answer: { query } }) => JSON.parse(query));
    for (const key of "abc") {
      const seen = values.map((value) => value[key] ?? -1);
      assert.deepEqual(
        seen,
        [...seen].sort((a, b) => a - b),
        `seed ${seed}: ${key} went back`,
      );
    }
    assert.equal(queue.isIdle, true);
    assert.deepEqual(JSON.parse(queue.query), wanted, `seed ${seed}`);
  }
});
