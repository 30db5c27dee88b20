import assert from "node:assert/strict";
import { test } from "node:test";

import { OFF, optionsOf, PARTS, partsOf, PRESETS, presetOf, withPart } from "../src/feeds/schedule.ts";
import { allZones, timeIn } from "../src/feeds/zones.ts";

/** As a person reads it: the browser may put any kind of blank. */
function read(zone: string, iso: string): string | undefined {
  return timeIn(zone, Date.parse(iso) / 1000)?.replaceAll(/\s/g, " ");
}

void test("a schedule goes into the dropdowns and comes out as it was", () => {
  for (const expression of [...PRESETS.map((preset) => preset.expression), "0,30 4-6 * 1 1,3", "*/7 0 31 */2 0"]) {
    const parts = partsOf(expression);
    assert.ok(parts, expression);
    assert.equal(withPart(expression, "hour", parts.hour), expression);
  }
});

void test("a dropdown changes its own part alone", () => {
  assert.equal(withPart("30 4 * * 1", "hour", "17"), "30 17 * * 1");
  assert.equal(withPart("30 4 * * 1", "weekday", "*"), "30 4 * * *");
  assert.equal(withPart(OFF, "minute", "*/1"), "*/1 * * * *");
});

void test("the same time written otherwise is shown the same", () => {
  assert.deepEqual(partsOf(" 05  04 01 * 7 "), { minute: "5", hour: "4", day: "1", month: "*", weekday: "0" });
  assert.equal(presetOf("30 04 * * 01"), "30 4 * * 1");
});

void test("a text that has not five parts fills no dropdown, and choosing begins from nothing", () => {
  for (const text of ["", "@daily", "0 4 * *", "0 0 4 * * *"]) assert.equal(partsOf(text), undefined);
  assert.equal(withPart("@daily", "hour", "4"), "* 4 * * *");
  assert.equal(presetOf("@daily"), undefined);
});

void test("every value of the presets is in its dropdown", () => {
  for (const { expression } of PRESETS) {
    const parts = partsOf(expression);
    for (const part of PARTS) {
      const value = parts?.[part] ?? "";
      assert.equal(optionsOf(part, value), optionsOf(part, "*"), `${value} is an option of ${part}`);
    }
  }
});

void test("a value that was set elsewhere is offered as it is, after the others", () => {
  const options = optionsOf("hour", "4,16");
  assert.deepEqual(options.at(-1), { value: "4,16", label: "4,16" });
  assert.equal(options.length, optionsOf("hour", "*").length + 1);
});

void test("the dropdowns speak of a 24-hour clock and of names", () => {
  const labels = (part: (typeof PARTS)[number]) => new Map(optionsOf(part, "*").map((o) => [o.value, o.label]));
  assert.deepEqual(
    [labels("hour").get("4"), labels("hour").get("23"), labels("hour").get("24")],
    ["04", "23", undefined],
  );
  assert.deepEqual([labels("month").get("1"), labels("month").get("12")], ["January", "December"]);
  assert.deepEqual([labels("weekday").get("1"), labels("weekday").get("0")], ["Monday", "Sunday"]);
  assert.deepEqual([labels("day").get("31"), labels("day").get("0")], ["31", undefined]);
});

void test("a time tells summer from winter where the clock is set back", () => {
  assert.equal(read("America/Chicago", "2026-11-01T06:30:00Z"), "Sun, Nov 1, 2026, 01:30 CDT");
  assert.equal(read("America/Chicago", "2026-11-01T07:30:00Z"), "Sun, Nov 1, 2026, 01:30 CST");
  assert.equal(read("America/Chicago", "2026-03-08T08:00:00Z"), "Sun, Mar 8, 2026, 03:00 CDT");
});

void test("midnight is 00:00, and another zone may be on another day", () => {
  assert.equal(read("UTC", "2026-11-23T00:00:00Z"), "Mon, Nov 23, 2026, 00:00");
  assert.match(read("Asia/Kathmandu", "2026-11-22T18:15:00Z") ?? "", /^Mon, Nov 23, 2026, 00:00 /);
  assert.match(read("Pacific/Apia", "2026-11-22T12:00:00Z") ?? "", /^Mon, Nov 23, 2026, 01:00 /);
});

void test("a zone that nobody knows gives no time", () => {
  assert.equal(timeIn("Nowhere/Nothing", 0), undefined);
  assert.equal(timeIn("", 0), undefined);
});

void test("the default zone and UTC can be chosen", () => {
  const zones = allZones();
  assert.ok(zones.includes("America/Chicago") && zones.includes("UTC"));
  assert.equal(new Set(zones).size, zones.length);
});
