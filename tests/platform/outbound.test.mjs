// What src/platform/outbound.js does with the runtime's timers and bodies.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { afterEach, beforeEach, mock, test } from "node:test";

import { send } from "../../src/platform/outbound.js";

let server;
let answer;
const ask = (patience = 5000, longest = 100) =>
  send("GET", `http://127.0.0.1:${server.address().port}/`, "[]", undefined, patience, longest, "x-left,x-none");

beforeEach(async () => {
  server = createServer((request, response) => answer(response));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
});

afterEach(() => {
  mock.restoreAll();
  server.closeAllConnections();
  server.close();
});

// Counts the timers of this module alone: fetch has some of its own.
function timersOf(patience) {
  const running = new Set();
  const { setTimeout, clearTimeout } = globalThis;
  mock.method(globalThis, "setTimeout", (work, after, ...more) => {
    const timer = setTimeout(work, after, ...more);
    if (after === patience) running.add(timer);
    return timer;
  });
  mock.method(globalThis, "clearTimeout", (timer) => {
    running.delete(timer);
    clearTimeout(timer);
  });
  mock.method(AbortSignal, "timeout", () => assert.fail("its timer cannot be cleared"));
  return running;
}

test("a call leaves no timer behind, answered or not", async () => {
  const running = timersOf(4321);
  answer = (response) => {
    assert.equal(running.size, 1);
    response.setHeader("x-left", "7").end("fine");
  };
  const [status, bytes, left, none] = await ask(4321);
  assert.deepEqual([status, new TextDecoder().decode(bytes), left, none], [200, "fine", "7", null]);
  assert.equal(running.size, 0);
  answer = (response) => response.destroy();
  await assert.rejects(ask(4321));
  assert.equal(running.size, 0);
});

test("patience covers the whole answer", async () => {
  answer = (response) => response.writeHead(200).write("begun");
  await assert.rejects(ask(50), { name: "TimeoutError" });
});

test("an answer in pieces is read as far as it may be long", async () => {
  answer = (response) => {
    response.write("x".repeat(50));
    response.end("y".repeat(50));
  };
  const [, bytes] = await ask(5000, 100);
  assert.equal(new TextDecoder().decode(bytes), "x".repeat(50) + "y".repeat(50));
  assert.equal((await ask(5000, 99))[1], null);
});
