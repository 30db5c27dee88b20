import assert from "node:assert/strict";
import { test } from "node:test";

import { durationOf, percentOf, sizeOf } from "../src/parts/words.ts";
import { headlineOf, progressOf, remarksOf } from "../src/sync/words.ts";
import { sync } from "./catalog.ts";

const MINUTE = 60;

void test("a duration is as exact as a guess can be", () => {
  const said = [0, 49, 90, 42 * MINUTE, 99 * MINUTE, 100 * MINUTE, 140 * MINUTE, 26 * 60 * MINUTE].map(durationOf);
  assert.deepEqual(said, [
    "less than a minute",
    "less than a minute",
    "about 2 minutes",
    "about 42 minutes",
    "about 99 minutes",
    "about 1 hour 40 minutes",
    "about 2 hours 20 minutes",
    "about 26 hours",
  ]);
});

void test("a size is told in the unit that suits it", () => {
  assert.deepEqual([0, 999, 1000, 38_211, 1_500_000, 95 * 1024 * 1024].map(sizeOf), [
    "0 bytes",
    "999 bytes",
    "1 KB",
    "37 KB",
    "1.4 MB",
    "95 MB",
  ]);
});

void test("progress is whole only at the end, and nothing while the whole is unknown", () => {
  assert.deepEqual([percentOf(999, 1000), percentOf(1000, 1000), percentOf(5, 0)], [99, 100, undefined]);
});

void test("progress names what is known", () => {
  const running = sync({ state: "running", done: 1200, total: 100_000, per_second: 12.5, seconds_left: 7904 });
  assert.equal(progressOf(running), "1,200 of 100,000 · 13 a second · about 2 hours 10 minutes left");
  assert.equal(progressOf({ ...running, per_second: null, seconds_left: null }), "1,200 of 100,000");
  assert.equal(progressOf({ ...running, total: 0, per_second: 0.25 }), "1,200 so far · 0.3 a second");
});

void test("a reading stands in words", () => {
  assert.match(headlineOf(sync()), /^82 products are known, read /);
  assert.equal(headlineOf(sync({ state: "never" })), "Your products were not read from BigCommerce yet.");
  assert.equal(headlineOf(sync({ state: "running", phase: "products" })), "Reading your products from BigCommerce…");
  assert.equal(headlineOf(sync({ state: "failed", products: 0 })), "Reading your products did not work.");
});

void test("how long a full reading takes is told before, and the service's own sentence comes first", () => {
  const estimate = "Reading all of them takes about 42 minutes.";
  assert.equal(remarksOf(sync({ estimate_seconds: 2520 }))[0], estimate);
  const begun = sync({ state: "running", total: 0, estimate_seconds: 2520 });
  assert.ok(remarksOf(begun).includes(estimate), "until it is known how much is left");
  assert.ok(!remarksOf({ ...begun, seconds_left: 2000 }).includes(estimate));
  const waiting = sync({ state: "waiting", message: "BigCommerce is down.", seconds_left: 10 });
  assert.deepEqual(remarksOf(waiting), [
    "BigCommerce is down.",
    "You can already work with the products that are there.",
  ]);
  assert.match(remarksOf(sync({ state: "waiting", products: 0 })).join(), /slow down/);
});
