import assert from "node:assert/strict";
import { test } from "node:test";

import type { RunState } from "../src/api/feeds.ts";
import {
  actionsOf,
  badgeOf,
  causeOf,
  differenceOf,
  entryOf,
  factsOf,
  isUnderWay,
  pollAfter,
  progressOf,
  shrinkOf,
  summaryOf,
  textOf,
  titleOf,
  tookOf,
} from "../src/feeds/words.ts";
import { run } from "./feeds.ts";

const STATES: readonly RunState[] = [
  "waiting",
  "syncing",
  "building",
  "checking",
  "held",
  "delivering",
  "delivered",
  "unchanged",
  "failed",
  "cancelled",
];

const MARIA = { id: 3, email: "maria@example.com" };

void test("every state reads as a sentence and has a badge of its own", () => {
  for (const state of STATES) assert.match(textOf(run({ state })), /[.…]$/, state);
  assert.equal(new Set(STATES.map((state) => badgeOf(run({ state })).label)).size, STATES.length);
});

void test("a run under way can be cancelled, one held sent or discarded, one failed tried again", () => {
  const actions = Object.fromEntries(STATES.map((state) => [state, actionsOf(run({ state })).join()]));
  assert.deepEqual(actions, {
    waiting: "cancel",
    syncing: "cancel",
    building: "cancel",
    checking: "cancel",
    held: "confirm,discard",
    delivering: "cancel",
    delivered: "",
    unchanged: "",
    failed: "retry",
    cancelled: "",
  });
  assert.ok(!isUnderWay(run({ state: "held" })), "it waits for somebody");
});

void test("a run that waits says when it is tried again, and for which time", () => {
  assert.equal(textOf(run({ state: "waiting" })), "It goes on in a moment.");
  const again = run({ state: "delivering", attempts: 2, next_try_at: 1_790_000_000 });
  assert.match(textOf(again), /^It did not work yet\. Try number 3: .*2026.*\.$/);
  assert.equal(badgeOf(again).label, "Trying again");
  assert.doesNotMatch(textOf({ ...again, state: "failed" }), /Try number/, "it is over");
});

void test("progress counts products while a file is made, and bytes while it is sent", () => {
  const building = run({ state: "building", stage_done: 1200, stage_total: 5000 });
  assert.equal(progressOf(building), "1,200 of 5,000 products");
  assert.equal(progressOf({ ...building, feed: "categories" }), "1,200 of 5,000 categories");
  assert.equal(progressOf({ ...building, state: "syncing", feed: "categories" }), "1,200 of 5,000 categories");
  assert.equal(progressOf({ ...building, state: "syncing", stage_total: 0 }), "1,200 products so far");
  const sending = run({ state: "delivering", stage_done: 620_000, stage_total: 1_482_911 });
  assert.equal(progressOf(sending), "605 KB of 1.4 MB");
  assert.equal(progressOf({ ...sending, channel: "rest" }), "620,000 of 1,482,911 products");
  assert.equal(progressOf(run({ state: "delivering" })), "", "nothing is claimed before it is known");
  assert.equal(progressOf(run({ state: "checking", stage_total: 1_482_911 })), "");
});

void test("a held feed says by how much it shrank, in the service's words where it has some", () => {
  const held = run({ state: "held", products: 800, added: 6, changed: 9, removed: 206 });
  assert.equal(shrinkOf(held), "It has 800 products; the last feed had 1,000. That is 20 % fewer.");
  assert.equal(textOf(held), shrinkOf(held));
  assert.equal(shrinkOf({ ...held, message: "A fifth is gone." }), "A fifth is gone.");
  assert.equal(shrinkOf({ ...held, added: 0, removed: 0 }), "It is much smaller than the last feed.");
});

void test("a run tells who or what began it", () => {
  assert.equal(causeOf(run()), "By schedule");
  assert.equal(causeOf(run({ cause: "catch_up" })), "Caught up after a missed time");
  assert.equal(causeOf(run({ cause: "hand", user: MARIA })), "Run by maria@example.com");
  assert.equal(causeOf(run({ cause: "hand", user: { id: 3, email: "" } })), "Run by User 3");
  assert.match(titleOf(run({ feed: "categories" })), /^Category feed of /);
  assert.equal(entryOf(run({ feed: "categories" }), 24), "Category 24");
  assert.equal(entryOf(run({}), 112), "Product 112");
});

void test("the history sums a run up", () => {
  const plain = run();
  assert.equal(summaryOf(plain), "1,204 products, 3,412 items · 1.4 MB");
  assert.equal(summaryOf({ ...plain, left_out: 12 }), "1,204 products, 3,412 items · 12 left out · 1.4 MB");
  assert.equal(summaryOf({ ...plain, products: 1, items: 1, bytes: 500 }), "1 product, 1 item · 500 bytes");
  assert.equal(summaryOf({ ...plain, feed: "categories", items: 34 }), "34 categories · 1.4 MB");
  assert.equal(summaryOf({ ...plain, bytes: 0 }), "", "there is no file yet");
});

void test("a difference names what there is of it", () => {
  assert.equal(differenceOf(run({ added: 3, removed: 1200 })), "3 added, 1,200 removed");
  assert.equal(differenceOf(run()), "nothing differs");
});

void test("how long it took is told once it is over", () => {
  assert.equal(tookOf(run()), "42 s");
  assert.equal(tookOf(run({ started_at: 100, finished_at: 285 })), "3 min 5 s");
  assert.equal(tookOf(run({ finished_at: null })), undefined);
});

void test("the facts of a run leave out what is not known", () => {
  const names = (parts: Parameters<typeof run>[0]) => factsOf(run(parts)).map(([name]) => name);
  assert.deepEqual(names({ state: "building", finished_at: null, bytes: 0 }), ["Started", "Sent by"]);
  assert.ok(names({ attempts: 1 }).includes("Tries that failed"));
  assert.ok(!names({}).includes("Tries that failed"), "nothing failed");
  assert.ok(!names({ feed: "categories" }).includes("Products"));
});

void test("a run is looked at often while it goes on, seldom while it waits, and else not at all", () => {
  const now = 1_790_000_000;
  const often = pollAfter(run({ state: "building" }), now) ?? 0;
  const seldom = pollAfter(run({ state: "delivering", next_try_at: now + 600 }), now) ?? 0;
  assert.ok(often > 0 && often < seldom);
  assert.equal(pollAfter(run({ state: "delivering", next_try_at: now + 5 }), now), often, "it goes on soon");
  for (const state of ["held", "delivered", "unchanged", "failed", "cancelled"] as const) {
    assert.equal(pollAfter(run({ state }), now), undefined, state);
  }
  assert.equal(pollAfter(null, now), undefined, "the session of a page that nobody looks at ends");
});
