/** A schedule as five dropdowns show it. What it means, the service says. */
import { monthName, t, weekdayName, type PlainKey } from "../texts/t.ts";

export const PARTS = ["minute", "hour", "day", "month", "weekday"] as const;
export type Part = (typeof PARTS)[number];

/** Nothing is chosen, so no feed is sent. */
export const OFF = "* * * * *";

export interface Option {
  readonly value: string;
  readonly label: string;
}

export const PRESETS: readonly { readonly expression: string; readonly text: PlainKey }[] = [
  { expression: OFF, text: "preset.off" },
  { expression: "*/15 * * * *", text: "preset.quarter" },
  { expression: "*/30 * * * *", text: "preset.half" },
  { expression: "0 * * * *", text: "preset.hour" },
  { expression: "0 */6 * * *", text: "preset.six" },
  { expression: "30 4 * * *", text: "preset.day" },
  { expression: "30 4 * * 1-5", text: "preset.weekdays" },
  { expression: "30 4 * * 1", text: "preset.week" },
  { expression: "30 4 1 * *", text: "preset.month" },
];

/** The five parts, each as its dropdown names it; nothing of a text that has not five. */
export function partsOf(expression: string): Readonly<Record<Part, string>> | undefined {
  const [minute, hour, day, month, weekday, ...rest] = expression.trim().split(/\s+/);
  if (!minute || !hour || !day || !month || !weekday || rest.length > 0) return undefined;
  return {
    minute: plain(minute),
    hour: plain(hour),
    day: plain(day),
    month: plain(month),
    // Sunday has two numbers.
    weekday: plain(weekday) === "7" ? "0" : plain(weekday),
  };
}

export function withPart(expression: string, part: Part, value: string): string {
  const parts = { ...(partsOf(expression) ?? partsOf(OFF)), [part]: value };
  return PARTS.map((each) => parts[each] ?? "*").join(" ");
}

/** The preset that `expression` is, if it is one. */
export function presetOf(expression: string): string | undefined {
  const parts = partsOf(expression);
  return PRESETS.find((preset) => {
    const other = partsOf(preset.expression);
    return PARTS.every((part) => other?.[part] === parts?.[part]);
  })?.expression;
}

/** What the dropdown of `part` offers; a value that was set elsewhere, such as a list, is kept among it as it is. */
export function optionsOf(part: Part, value: string): readonly Option[] {
  const options = OPTIONS[part];
  return options.some((option) => option.value === value) ? options : [...options, { value, label: value }];
}

/** "04" is 4. */
function plain(value: string): string {
  return /^\d+$/.test(value) ? String(Number(value)) : value;
}

function range(first: number, last: number, labelOf: (value: number) => string): Option[] {
  return Array.from({ length: last - first + 1 }, (_, index) => ({
    value: String(first + index),
    label: labelOf(first + index),
  }));
}

function every(key: "every.minutes" | "every.hours" | "every.months", steps: readonly number[]): Option[] {
  return steps.map((step) => ({ value: `*/${step}`, label: t(key, { count: step }) }));
}

const twoDigits = (value: number): string => String(value).padStart(2, "0");

const OPTIONS: Readonly<Record<Part, readonly Option[]>> = {
  minute: [
    { value: "*", label: t("any.minute") },
    { value: "*/1", label: t("every.minute") },
    ...every("every.minutes", [5, 10, 15, 20, 30]),
    ...range(0, 59, twoDigits),
  ],
  hour: [
    { value: "*", label: t("any.hour") },
    ...every("every.hours", [2, 3, 4, 6, 8, 12]),
    ...range(0, 23, twoDigits),
  ],
  day: [{ value: "*", label: t("any.day") }, ...range(1, 31, String)],
  month: [{ value: "*", label: t("any.month") }, ...every("every.months", [2, 3, 4, 6]), ...range(1, 12, monthName)],
  weekday: [
    { value: "*", label: t("any.weekday") },
    { value: "1-5", label: t("weekdays.work") },
    ...range(1, 6, weekdayName),
    { value: "0", label: weekdayName(0) },
  ],
};
