import assert from "node:assert/strict";
import { test } from "node:test";

import { changedFields, editsSince, patchOf, withEdit } from "../src/settings/edits.ts";
import { FIELDS, idOf } from "../src/settings/fields.ts";
import { settings } from "./settings.ts";

const KEY = "k".repeat(32);

void test("only what was changed is sent", () => {
  const before = settings({ ordergroove: { merchant_id: "m-1" } });
  const edits = {
    "ordergroove.merchant_id": "m-1",
    "ordergroove.secret_key": KEY,
    "sftp.username": "feed",
    "sftp.directory": "/incoming",
  } as const;
  assert.deepEqual(changedFields(before, edits), ["ordergroove.secret_key", "sftp.username"]);
  assert.deepEqual(patchOf(before, edits), { ordergroove: { secret_key: KEY }, sftp: { username: "feed" } });
});

void test("a secret is replaced by typing and removed by null; a replacement not typed yet changes nothing", () => {
  const before = settings({ ordergroove: { secret_key: { set: true } } });
  assert.deepEqual(patchOf(before, { "ordergroove.secret_key": "" }), {});
  assert.deepEqual(patchOf(before, { "ordergroove.secret_key": KEY }), { ordergroove: { secret_key: KEY } });
  assert.deepEqual(patchOf(before, { "ordergroove.secret_key": null }), { ordergroove: { secret_key: null } });
  assert.deepEqual(patchOf(settings(), { "ordergroove.secret_key": null }), {}, "none was there");
});

void test("an address that was emptied goes back to its default", () => {
  assert.deepEqual(patchOf(settings(), { "ordergroove.rest_url": "" }), { ordergroove: { rest_url: "" } });
});

void test("a port is sent as a number, and what is no number as it was typed", () => {
  assert.deepEqual(patchOf(settings(), { "sftp.port": " 2222 " }), { sftp: { port: 2222 } });
  assert.deepEqual(patchOf(settings(), { "sftp.port": "ssh" }), { sftp: { port: "ssh" } });
  assert.deepEqual(patchOf(settings(), { "sftp.port": "22" }), {}, "the one that is saved");
});

void test("what is chosen for feeds is sent as what it is", () => {
  const edits = { "feeds.schedule": "30 4 * * *", "feeds.categories": "true", "feeds.shrink_limit": "35" } as const;
  assert.deepEqual(patchOf(settings(), edits), {
    feeds: { schedule: "30 4 * * *", categories: true, shrink_limit: 35 },
  });
  assert.deepEqual(patchOf(settings(), { "feeds.categories": "false", "feeds.channel": "sftp" }), {}, "as they were");
  const on = settings({ feeds: { categories: true } });
  assert.deepEqual(patchOf(on, { "feeds.categories": "false" }), { feeds: { categories: false } });
});

void test("a fingerprint is forgotten by emptying it", () => {
  const pinned = settings({ sftp: { host_key: "SHA256:abc" } });
  assert.deepEqual(patchOf(pinned, { "sftp.host_key": "" }), { sftp: { host_key: "" } });
});

void test("an edit can be taken back", () => {
  const edits = withEdit({ "sftp.host": "a", "sftp.username": "b" }, "sftp.host", undefined);
  assert.deepEqual(edits, { "sftp.username": "b" });
});

void test("what was typed while it was being saved is still unsaved", () => {
  const sent = { "sftp.host": "a", "sftp.username": "b" };
  assert.deepEqual(editsSince({ "sftp.host": "a", "sftp.username": "bc" }, sent), { "sftp.username": "bc" });
});

void test("every field has an anchor of its own", () => {
  const ids = FIELDS.map(({ field }) => idOf(field));
  assert.equal(new Set(ids).size, ids.length);
  assert.ok(ids.includes("ordergroove-merchant_id"));
});
