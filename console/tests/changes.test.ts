import assert from "node:assert/strict";
import { test } from "node:test";

import type { PlanOption } from "../src/api/catalog.ts";
import { linesOf } from "../src/changes/difference.ts";
import { faultsCsv } from "../src/changes/faultsCsv.ts";
import { hindranceOf, MOST_BYTES } from "../src/changes/file.ts";
import { byWhom, exportText, factsOf, progressOf, summaryOf, textOf, titleOf } from "../src/changes/words.ts";
import { change } from "./catalog.ts";

void test("a file is refused before it is sent when it is empty or too large", () => {
  assert.equal(hindranceOf({ name: "a.csv", size: MOST_BYTES }), undefined);
  assert.equal(hindranceOf({ name: "a.csv", size: 0 }), "“a.csv” is empty.");
  assert.equal(
    hindranceOf({ name: "a.csv", size: 3 * MOST_BYTES }),
    "“a.csv” is too large (285 MB). A file may have at most 95 MB.",
  );
});

void test("a report of faults opens in a spreadsheet as what it says", () => {
  const fault = {
    id: 1,
    row: 12,
    column: "Frequency",
    product_id: 77,
    reason: "No default",
    value: "[{'Name': \"x\"}]",
  };
  const formula = { id: 2, row: 13, column: "Product ID", product_id: null, reason: "Unknown, sorry", value: "=1+1" };
  assert.equal(
    faultsCsv([fault, formula]),
    "\ufeffRow,Column,Product,What is wrong,Value\r\n" +
      '12,Frequency,77,No default,"[{\'Name\': ""x""}]"\r\n' +
      '13,Product ID,,"Unknown, sorry",\'=1+1\r\n',
  );
  assert.match(faultsCsv([{ ...fault, row: null, value: "" }]), /\n,Frequency,77,No default,\r\n$/);
  for (const value of ["+1", "-1", "@x", "\tx", "\rx"]) {
    const [, line] = faultsCsv([{ ...fault, value }]).split("\n");
    assert.match(line ?? "", /,"?'/, JSON.stringify(value));
  }
});

void test("a change tells its numbers before anybody agrees to it, and after", () => {
  assert.equal(titleOf(change()), "Import of products.csv");
  assert.equal(titleOf(change({ kind: "withdraw", file_name: null })), "Stop offering products");
  assert.equal(summaryOf(change()), "12 products change, 3 newly offered, 1 no longer offered.");
  const applied = change({ state: "applied", changed: 1, made_eligible: 0, made_not_eligible: 0 });
  assert.equal(summaryOf(applied), "1 product changed.");
  assert.match(byWhom(change()), /^owner@example\.com, /);
  assert.match(byWhom(change({ user: null })), /^The app, /);
});

void test("a change with faults changes nothing, so it tells no such numbers", () => {
  const faulty = change({ state: "faulty", faults: 1230 });
  assert.deepEqual(factsOf(faulty), [
    ["Rows in the file", "82"],
    ["Faults", "1,230"],
  ]);
  assert.deepEqual(
    factsOf(change({ kind: "offer" })).map(([, value]) => value),
    ["12", "70", "3", "1"],
  );
  assert.deepEqual(
    factsOf(change({ kind: "edits", state: "applied" })).map(([, value]) => value),
    ["12", "3", "1"],
  );
});

void test("how a change stands is told with what to do", () => {
  assert.match(textOf(change()), /^Nothing is changed yet/);
  assert.match(textOf(change({ changed: 0 })), /^Nothing would change/);
  assert.match(textOf(change({ state: "applied", applied_at: 1_790_000_000 })), /^Applied .+\d/);
  assert.match(textOf(change({ state: "undone", undone_at: 1_790_000_000 })), /The products are as before/);
  assert.equal(progressOf(change({ done: 2048 })), "2 KB of 37 KB checked");
  assert.equal(progressOf(change({ kind: "fill", done: 1000, total: 5000 })), "1,000 of 5,000 products looked at");
});

void test("an export tells how far it is, then its size, or why it failed", () => {
  const made = { id: 3, done: 50, total: 82, bytes: 12_345, user: null, created_at: 1, message: "" } as const;
  assert.equal(exportText({ ...made, state: "writing" }), "50 of 82 products");
  assert.equal(exportText({ ...made, state: "ready" }), "By The app, 12 KB");
  assert.equal(exportText({ ...made, state: "failed", message: "The disk is full." }), "The disk is full.");
});

function planned(option_id: number, name: string, part: Partial<PlanOption> = {}): PlanOption {
  return { option_id, name, every: 0, every_period: 0, is_default: false, ...part };
}

void test("a difference shows every line, and marks what is not the same", () => {
  const before = { eligible: false, options: [planned(1, "Once", { is_default: true }), planned(2, "Monthly")] };
  const after = {
    eligible: true,
    options: [
      planned(1, "Once", { is_default: true }),
      planned(2, "Monthly", { every: 1, every_period: 3 }),
      planned(3, "Yearly", { every: 12, every_period: 3 }),
    ],
  };
  assert.deepEqual(linesOf(before, after), [
    { label: "Can be subscribed to", before: "No", after: "Yes", differs: true },
    { label: "Once", before: "no frequency, default", after: "no frequency, default", differs: false },
    { label: "Monthly", before: "no frequency", after: "every month", differs: true },
    { label: "Yearly", before: "not there", after: "every 12 months", differs: true },
  ]);
});
