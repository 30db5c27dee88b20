import assert from "node:assert/strict";
import { test } from "node:test";

import { createApi } from "../src/api/client.ts";
import { Refusal } from "../src/api/refusal.ts";
import { feedDraftsIn, productDraftsIn, settingsDraftsIn } from "../src/session/drafts.ts";
import { createRenewal } from "../src/session/renewal.ts";
import { product } from "./catalog.ts";
import { settings } from "./settings.ts";

const MINUTE = 60_000;

function memory(): Storage {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  } as Storage;
}

void test("a draft holds no secret and is offered to its owner only", () => {
  const store = memory();
  const drafts = settingsDraftsIn(() => store);
  const edits = { "sftp.username": "feed", "sftp.password": "hunter2", "ordergroove.secret_key": null };
  drafts.keep("app:11", { at: 1, base: settings(), edits });
  assert.deepEqual(drafts.of("app:11")?.edits, { "sftp.username": "feed" });
  assert.equal(drafts.of("app:12"), undefined);
  assert.equal(drafts.of("other:11"), undefined);
  drafts.drop();
  assert.equal(drafts.of("app:11"), undefined);
});

void test("secrets alone leave no draft", () => {
  const store = memory();
  const drafts = settingsDraftsIn(() => store);
  drafts.keep("app:11", { at: 1, base: settings(), edits: { "sftp.password": "hunter2" } });
  assert.equal(drafts.of("app:11"), undefined);
});

void test("drafts of feeds and of the other settings do not take each other's place", () => {
  const store = memory();
  const [drafts, feedDrafts] = [settingsDraftsIn(() => store), feedDraftsIn(() => store)];
  drafts.keep("app:11", { at: 1, base: settings(), edits: { "sftp.username": "feed" } });
  feedDrafts.keep("app:11", { at: 2, base: settings(), edits: { "feeds.schedule": "30 4 * * *" } });
  assert.deepEqual(drafts.of("app:11")?.edits, { "sftp.username": "feed" });
  drafts.drop();
  assert.deepEqual(feedDrafts.of("app:11")?.edits, { "feeds.schedule": "30 4 * * *" });
});

void test("a browser that stores nothing for a framed page is one without drafts", () => {
  const drafts = settingsDraftsIn(() => {
    throw new Error("denied");
  });
  drafts.keep("app:11", { at: 1, base: settings(), edits: { "sftp.username": "feed" } });
  assert.equal(drafts.of("app:11"), undefined);
  drafts.drop();
});

void test("somebody active renews the session five minutes after the last call, once at a time", async () => {
  let now = 0;
  let calls = 0;
  const renewal = createRenewal(
    () => {
      calls += 1;
      return Promise.reject(new Error("offline"));
    },
    () => now,
  );
  const active = async (minutes: number): Promise<number> => {
    now = minutes * MINUTE;
    renewal.active();
    renewal.active();
    await new Promise(setImmediate);
    return calls;
  };
  assert.equal(await active(4.9), 0);
  assert.equal(await active(5), 1);
  assert.equal(await active(5.1), 2, "a call that failed is made again");
  renewal.answered();
  assert.equal(await active(10), 2);
  assert.equal(await active(10.2), 3);
});

interface Sent {
  readonly path: string;
  readonly init: RequestInit;
}

function apiThatAnswers(answer: () => Response) {
  const sent: Sent[] = [];
  const heard: string[] = [];
  const fetcher = ((path: string, init: RequestInit) => {
    sent.push({ path, init });
    return Promise.resolve(answer());
  }) as typeof fetch;
  const hooks = { answered: () => void heard.push("answered"), ended: () => void heard.push("ended") };
  return { api: createApi("app.token", hooks, fetcher), sent, heard };
}

void test("settings are saved on the version they were read of", async () => {
  const { api, sent, heard } = apiThatAnswers(
    () => new Response(JSON.stringify(settings()), { headers: { etag: '"8"' } }),
  );
  const saved = await api.saveSettings({ sftp: { username: "feed" } }, '"7"');
  assert.equal(saved.version, '"8"');
  const headers = new Headers(sent[0]?.init.headers);
  assert.deepEqual(
    [sent[0]?.path, sent[0]?.init.method, headers.get("if-match"), headers.get("authorization")],
    ["/console/api/settings", "PATCH", '"7"', "Bearer app.token"],
  );
  assert.deepEqual(heard, ["answered"]);
});

void test("a session that ended is noticed at any call", async () => {
  const body = JSON.stringify({ status: 401, code: "session_ended", detail: "Your session has ended." });
  const { api, heard } = apiThatAnswers(() => new Response(body, { status: 401 }));
  await assert.rejects(api.overview(), { reason: "session_ended" });
  assert.deepEqual(heard, ["ended"]);
});

void test("a refusal that is no JSON is still one", async () => {
  const { api } = apiThatAnswers(() => new Response("<html>", { status: 502 }));
  await assert.rejects(api.overview(), (error) => error instanceof Refusal && error.reason === "other");
  assert.equal(Refusal.of(new TypeError("Failed to fetch")).reason, "unreachable");
});

void test("how long to wait after too many requests is told", async () => {
  const body = JSON.stringify({ code: "too_many_requests", detail: "Slow down." });
  const { api } = apiThatAnswers(() => new Response(body, { status: 429, headers: { "retry-after": "12" } }));
  await assert.rejects(api.testConnection("ordergroove"), { reason: "too_many", retryAfter: 12 });
});

void test("products are saved by their revision, and changed ones are told apart from settings", async () => {
  const body = JSON.stringify({ code: "products_changed", detail: "Changed.", changed: [77] });
  const { api, sent } = apiThatAnswers(() => new Response(body, { status: 412 }));
  await assert.rejects(api.saveProducts([{ id: 77, revision: 1, eligible: true }]), {
    reason: "products_changed",
    changedProducts: [77],
    changed: [],
  });
  assert.deepEqual([sent[0]?.path, sent[0]?.init.method], ["/console/api/products", "PATCH"]);
});

void test("a product is marked as discontinued, or taken back, by calls that answer nothing", async () => {
  const { api, sent } = apiThatAnswers(() => new Response(null, { status: 204 }));
  await api.discontinue(77, true);
  await api.discontinue(77, false);
  assert.deepEqual(
    sent.map(({ path, init }) => [path, init.method, init.body]),
    [
      ["/console/api/products/77/discontinued", "PUT", null],
      ["/console/api/products/77/discontinued", "DELETE", null],
    ],
  );
});

void test("an export keeps the name that the service gave it", async () => {
  const headers = { "content-disposition": 'attachment; filename="products-2026-11-22.csv"' };
  const { api } = apiThatAnswers(() => new Response("a,b", { headers }));
  const { name, file } = await api.exportFile(3);
  assert.deepEqual([name, await file.text()], ["products-2026-11-22.csv", "a,b"]);
});

void test("a draft of products is kept beside one of settings", () => {
  const store = memory();
  const edits = [{ base: product(), draft: { eligible: true, options: [] } }];
  productDraftsIn(() => store).keep("app:11", { at: 1, edits });
  assert.deepEqual(productDraftsIn(() => store).of("app:11")?.edits, edits);
  assert.equal(settingsDraftsIn(() => store).of("app:11"), undefined);
});
