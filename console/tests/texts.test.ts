import assert from "node:assert/strict";
import { test } from "node:test";

import { keyToConfirm, standingOf, stepText } from "../src/connections/words.ts";
import { whatOf, whoOf } from "../src/history/words.ts";
import { leadsTo, sentenceOf, titleOf } from "../src/overview/checks.ts";
import { FIELDS } from "../src/settings/fields.ts";
import { count, known, t } from "../src/texts/t.ts";
import { TEXTS } from "../src/texts/texts.ts";

void test("texts are filled in and counted", () => {
  assert.equal(t("app.title", { page: "Settings" }), "Settings – Ordergroove");
  assert.equal(count("settings.unsaved", 1), "1 unsaved change");
  assert.equal(count("settings.unsaved", 1234), "1,234 unsaved changes");
  assert.equal(known("check.constructor", "otherwise"), "otherwise");
});

void test("every field has a label", () => {
  for (const { field } of FIELDS) assert.ok(Object.hasOwn(TEXTS, `field.${field}`), field);
});

void test("a check that nobody knows yet is shown in a plain way", () => {
  const check = { id: "moon_phase", state: "attention" } as const;
  assert.equal(titleOf(check), "moon_phase");
  assert.equal(sentenceOf(check), TEXTS["check.unknown.attention"]);
  assert.equal(sentenceOf({ ...check, message: "It is full." }), "It is full.");
  assert.deepEqual(leadsTo(check), { kind: "again" });
});

void test("webhooks say when there was news, and what is wrong in the service's words", () => {
  const check = { id: "webhooks", state: "done", message: "Registered.", last_event_at: null } as const;
  assert.equal(titleOf(check), TEXTS["check.webhooks"]);
  assert.equal(sentenceOf(check), TEXTS["check.webhooks.done"]);
  assert.match(sentenceOf({ ...check, last_event_at: 1790000000 }), /Last news: .*2026/);
  assert.equal(sentenceOf({ ...check, state: "missing" }), TEXTS["check.webhooks.missing"]);
  assert.equal(sentenceOf({ ...check, state: "attention", message: "Switched off." }), "Switched off.");
});

void test("what is missing leads to its field, and what is done leads nowhere", () => {
  const leads = leadsTo({ id: "merchant_id", state: "missing" });
  assert.equal(leads?.kind === "page" && leads.to, "/settings#ordergroove-merchant_id");
  assert.equal(leadsTo({ id: "merchant_id", state: "done" }), undefined);
});

void test("a connection stands as its newest test says", () => {
  const failed = { id: "ordergroove", state: "attention", tested_at: 1, message: "Refused." } as const;
  const result = { party: "ordergroove", ok: true, tested_at: 2, steps: [] } as const;
  assert.match(standingOf("ordergroove", failed, undefined).text, /Refused\./);
  assert.equal(standingOf("ordergroove", failed, result).badge?.variant, "success");
  assert.equal(
    standingOf("ordergroove", { id: "ordergroove", state: "missing" }, undefined).badge?.label,
    "Not tested",
  );
  assert.deepEqual(
    standingOf("ordergroove", undefined, undefined),
    { text: "" },
    "nothing is claimed before it is known",
  );
});

void test("a step without a label is shown by its name", () => {
  assert.equal(stepText("ordergroove", { name: "credentials", ok: true }), "Merchant ID and secret key: this works.");
  assert.equal(stepText("ordergroove", { name: "dns", ok: false, message: "No answer." }), "dns: No answer.");
});

void test("a key that nobody confirmed is offered to be", () => {
  const result = { party: "sftp", tested_at: 1, ok: false } as const;
  const key = { name: "host_key", ok: false, message: "Compare it.", fingerprint: "SHA256:abc" };
  assert.equal(keyToConfirm({ ...result, steps: [{ name: "address", ok: true }, key] }), "SHA256:abc");
  assert.equal(keyToConfirm({ ...result, steps: [{ ...key, ok: true }] }), undefined, "it is confirmed");
  assert.equal(keyToConfirm({ ...result, steps: [{ name: "host_key", ok: false }] }), undefined, "none was shown");
  assert.equal(keyToConfirm(undefined), undefined);
});

void test("the history reads as sentences, also of what nobody knows yet", () => {
  const entry = { id: 1, at: 1, user: null, action: "installed" };
  const changed = { ...entry, action: "setting_changed", field: "sftp.username", before: null, after: "feed" };
  assert.equal(whatOf(changed), "User: (empty) → feed");
  assert.equal(whatOf({ ...changed, before: "" }), "User: (empty) → feed");
  const restored = { ...changed, field: "sftp.host", before: "feeds.example", after: null };
  assert.equal(whatOf(restored), "Server: feeds.example → (default)");
  const chosen = { ...changed, field: "feeds.categories", before: "false", after: "true" };
  assert.equal(whatOf(chosen), "Also send the category feed: off → on");
  const replaced = { ...entry, action: "secret_replaced", field: "ordergroove.secret_key", before: null, after: null };
  assert.equal(whatOf(replaced), "Secret key was replaced.");
  const tested = { ...entry, action: "connection_tested", field: "ordergroove", after: "failed" };
  assert.equal(whatOf(tested), "The connection to Ordergroove was tested and does not work.");
  const confirmed = { ...entry, action: "feed_confirmed", field: "21", before: null, after: "1790000000" };
  assert.match(whatOf(confirmed), /^The feed of .*2026.* was confirmed, although it had shrunk\.$/);
  assert.match(whatOf({ ...confirmed, action: "feed_retried" }), /tried again by hand\.$/);
  assert.match(whatOf({ ...confirmed, action: "feed_cancelled" }), /cancelled\.$/);
  assert.equal(
    whatOf({ ...confirmed, action: "feed_started", field: null, after: null }),
    "A feed was started by hand.",
  );
  const discontinued = { ...entry, action: "product_discontinued", field: "112", before: null, after: "Oat granola" };
  assert.equal(whatOf(discontinued), "“Oat granola” (id 112) was marked as discontinued.");
  assert.match(whatOf({ ...discontinued, action: "product_continued" }), /is no longer marked as discontinued\.$/);
  assert.equal(whatOf({ ...entry, action: "moved_house", field: "sftp.host" }), "moved_house: Server");
  assert.equal(whoOf(entry), "The app");
  assert.equal(whoOf({ ...entry, user: { id: 7, email: "" } }), "User 7");
});

void test("what the service says of products is shown, with its numbers", () => {
  const check = { id: "products", state: "attention" } as const;
  assert.equal(sentenceOf({ ...check, message: "3 products need attention." }), "3 products need attention.");
  assert.deepEqual(leadsTo(check), { kind: "page", to: "/products", text: "check.products.link" });
});
