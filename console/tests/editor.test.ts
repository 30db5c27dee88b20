import assert from "node:assert/strict";
import { test } from "node:test";

import { Refusal } from "../src/api/refusal.ts";
import type { Changed, Settings } from "../src/api/types.ts";
import { begin, next, undecided, unsaved, type Editor, type Event } from "../src/settings/editor.ts";
import { patchOf } from "../src/settings/edits.ts";
import type { Field } from "../src/settings/fields.ts";
import { saved } from "./settings.ts";

const OTHER = { id: 12, email: "other@example.com" };

function after(editor: Editor, ...events: readonly Event[]): Editor {
  return events.reduce(next, editor);
}

function typed(field: Field, value: string | null): Event {
  return { type: "edited", field, value };
}

function changedBy(...fields: readonly Field[]): Changed[] {
  return fields.map((field) => ({ field, user: OTHER, at: 1 }));
}

void test("what is saved is no edit any more", () => {
  const sent = { "sftp.username": "feed" };
  const editor = after(
    begin(saved()),
    typed("sftp.username", "feed"),
    { type: "save_began" },
    typed("sftp.directory", "/other"),
    { type: "saved", saved: saved({ sftp: { username: "feed" } }, '"2"'), sent },
  );
  assert.deepEqual(unsaved(editor), ["sftp.directory"], "typed while it was being saved");
  assert.equal(editor.saved.version, '"2"');
  assert.equal(editor.outcome.kind, "saved");
});

void test("a field's error goes when the field is typed in", () => {
  const errors = [
    { field: "ordergroove.secret_key", message: "32 characters" },
    { field: "sftp.port", message: "a port" },
  ];
  const refused = after(
    begin(saved()),
    typed("sftp.port", "0"),
    { type: "save_began" },
    { type: "ended", outcome: { kind: "invalid", errors } },
  );
  assert.deepEqual(refused.errors, { "ordergroove.secret_key": "32 characters", "sftp.port": "a port" });
  assert.deepEqual(unsaved(refused), ["sftp.port"], "nothing typed is lost");
  const corrected = next(refused, typed("sftp.port", "22"));
  assert.deepEqual(corrected.errors, { "ordergroove.secret_key": "32 characters" });
});

void test("a save that reached nobody loses nothing", () => {
  const refusal = new Refusal("unreachable");
  const editor = after(
    begin(saved()),
    typed("sftp.username", "feed"),
    { type: "save_began" },
    { type: "ended", outcome: { kind: "failed", refusal } },
  );
  assert.deepEqual(unsaved(editor), ["sftp.username"]);
  assert.equal(editor.saving, false);
});

void test("edits stay when somebody else saved other fields", () => {
  const editor = after(
    begin(saved()),
    typed("sftp.username", "mine"),
    { type: "save_began" },
    {
      type: "moved",
      saved: saved({ ordergroove: { merchant_id: "theirs" } }, '"2"'),
      changed: changedBy("ordergroove.merchant_id"),
    },
  );
  assert.deepEqual(undecided(editor), []);
  assert.deepEqual(patchOf(editor.saved.settings, editor.edits), { sftp: { username: "mine" } });
  assert.equal(editor.saved.version, '"2"', "the next save is made on what is there now");
  assert.deepEqual(
    editor.outcome.kind === "moved" && editor.outcome.moved.map(({ field, change }) => [field, change?.user]),
    [["ordergroove.merchant_id", OTHER]],
  );
});

function conflicting(): Editor {
  return after(begin(saved()), typed("sftp.username", "mine"), typed("sftp.directory", "/mine"), {
    type: "moved",
    saved: saved({ sftp: { username: "theirs" } }, '"2"'),
    changed: changedBy("sftp.username"),
  });
}

void test("the same field changed twice is a choice", () => {
  const editor = conflicting();
  assert.deepEqual(undecided(editor), ["sftp.username"]);
  assert.deepEqual(editor.conflicts["sftp.username"], { theirs: { kind: "text", text: "theirs" }, user: OTHER });
  assert.equal(editor.edits["sftp.username"], "mine", "nothing typed is lost");
});

void test("keeping mine saves mine over theirs", () => {
  const editor = next(conflicting(), { type: "kept_mine", field: "sftp.username" });
  assert.deepEqual(undecided(editor), []);
  assert.deepEqual(patchOf(editor.saved.settings, editor.edits), { sftp: { username: "mine", directory: "/mine" } });
});

void test("taking theirs leaves the other edits", () => {
  const editor = next(conflicting(), { type: "took_theirs", field: "sftp.username" });
  assert.deepEqual(undecided(editor), []);
  assert.deepEqual(patchOf(editor.saved.settings, editor.edits), { sftp: { directory: "/mine" } });
});

void test("taking an edit back decides it too", () => {
  const editor = next(conflicting(), { type: "edited", field: "sftp.username", value: undefined });
  assert.deepEqual(undecided(editor), []);
});

void test("a secret that both replaced is a choice without its value", () => {
  const set = { ordergroove: { secret_key: { set: true } } };
  for (const [fresh, kind] of [
    [saved(set, '"2"'), "replaced"],
    [saved({}, '"2"'), "removed"],
  ] as const) {
    const editor = after(begin(saved(set)), typed("ordergroove.secret_key", "x".repeat(32)), {
      type: "moved",
      saved: fresh,
      changed: changedBy("ordergroove.secret_key"),
    });
    assert.deepEqual(editor.conflicts["ordergroove.secret_key"], { theirs: { kind }, user: OTHER });
  }
});

void test("the same change made by both is no edit any more", () => {
  const editor = after(begin(saved()), typed("sftp.username", "same"), {
    type: "moved",
    saved: saved({ sftp: { username: "same" } }, '"2"'),
    changed: changedBy("sftp.username"),
  });
  assert.deepEqual([editor.edits, undecided(editor)], [{}, []]);
});

void test("a change the service does not name is seen by its value", () => {
  const editor = after(begin(saved()), typed("sftp.host", "mine.example"), {
    type: "moved",
    saved: saved({ sftp: { host: "theirs.example" } }, '"2"'),
    changed: [],
  });
  assert.deepEqual(undecided(editor), ["sftp.host"]);
});

void test("a draft is put onto what was saved since", () => {
  const now = saved({ sftp: { username: "theirs" } }, '"3"');
  const edits = { "sftp.username": "mine", "sftp.directory": "/mine" };
  const editor = next(begin(now), { type: "draft_restored", edits, base: saved().settings });
  assert.deepEqual(unsaved(editor), ["sftp.username", "sftp.directory"]);
  assert.deepEqual(undecided(editor), ["sftp.username"]);
});

void test("a draft from before there were feeds is put back all the same", () => {
  const { environment, ordergroove, sftp } = saved().settings;
  const base = { environment, ordergroove, sftp } as Settings;
  const edits = { "sftp.username": "mine" };
  const editor = next(begin(saved()), { type: "draft_restored", edits, base });
  assert.deepEqual([unsaved(editor), undecided(editor)], [["sftp.username"], []]);
});

void test("discarding leaves what is saved", () => {
  const editor = next(conflicting(), { type: "discarded" });
  assert.deepEqual([editor.edits, undecided(editor), unsaved(editor)], [{}, [], []]);
});

void test("what was saved beside the form leaves the edits, and asks about no key that was just confirmed", () => {
  const confirmed = saved({ sftp: { host_key: "SHA256:abc" } }, '"2"');
  const editor = after(begin(saved()), typed("feeds.schedule", "30 4 * * *"), { type: "refreshed", saved: confirmed });
  assert.deepEqual([unsaved(editor), undecided(editor), editor.saved.version], [["feeds.schedule"], [], '"2"']);
});

void test("what somebody else saved meanwhile is asked about also where it comes along with a key", () => {
  const other = saved({ sftp: { host_key: "SHA256:abc" }, feeds: { schedule: "0 * * * *" } }, '"3"');
  const editor = after(begin(saved()), typed("feeds.schedule", "30 4 * * *"), { type: "refreshed", saved: other });
  assert.deepEqual(undecided(editor), ["feeds.schedule"]);
});

void test("two who chose another schedule are asked", () => {
  const editor = after(begin(saved()), typed("feeds.schedule", "30 4 * * *"), {
    type: "moved",
    saved: saved({ feeds: { schedule: "0 * * * *", categories: true } }, '"2"'),
    changed: changedBy("feeds.schedule"),
  });
  assert.deepEqual(editor.conflicts["feeds.schedule"], { theirs: { kind: "text", text: "0 * * * *" }, user: OTHER });
  assert.deepEqual(undecided(editor), ["feeds.schedule"], "not about the categories, which nobody else touched");
});
