// Time zones by the runtime's Intl: what is no zone, and the offsets of those that are.
import assert from "node:assert/strict";
import test from "node:test";
import { offset, zone } from "../../src/platform/zone.js";

const at = (name, moment) => offset(zone(name), Date.parse(moment) / 1000) / 3600;

test("offsets follow the clocks of a zone", () => {
  for (const [name, moment, hours] of [
    ["America/Chicago", "2026-01-15T12:00Z", -6],
    ["America/Chicago", "2026-03-08T07:59:59Z", -6],
    ["America/Chicago", "2026-03-08T08:00:00Z", -5],
    ["America/Chicago", "2026-11-01T06:59:59Z", -5],
    ["America/Chicago", "2026-11-01T07:00:00Z", -6],
    ["Europe/London", "2026-01-15T12:00Z", 0],
    ["Europe/London", "2026-07-15T12:00Z", 1],
    ["Asia/Kolkata", "2026-01-15T12:00Z", 5.5],
    ["Asia/Kathmandu", "2026-01-15T12:00Z", 5.75],
    ["Australia/Lord_Howe", "2026-01-15T12:00Z", 11],
    ["Australia/Lord_Howe", "2026-07-15T12:00Z", 10.5],
    ["America/St_Johns", "2026-01-15T12:00Z", -3.5],
    ["Pacific/Kiritimati", "2026-01-15T12:00Z", 14],
    ["Etc/GMT+12", "2026-01-15T12:00Z", -12],
    ["UTC", "2026-01-15T12:00Z", 0],
    ["US/Central", "2026-01-15T12:00Z", -6],
  ]) {
    assert.equal(at(name, moment), hours, `${name} at ${moment}`);
  }
});

test("what is no zone is none", () => {
  for (const name of ["", " ", "America", "America/Nowhere", "+05:30", "-06:00", "America/Chicago ", "../etc", "<b>"]) {
    assert.equal(zone(name), undefined, name);
  }
});

test("more zones than are remembered are known", () => {
  const names = Intl.supportedValuesOf("timeZone");
  assert.ok(names.length > 300);
  for (const name of names) assert.ok(Math.abs(at(name, "2026-01-15T12:00Z")) <= 14, name);
  assert.equal(zone(names.at(-1)), zone(names.at(-1)), "a formatter is made once");
});
