/** Texts, numbers and times as a person reads them. */
import { TEXTS } from "./texts.ts";

type Texts = typeof TEXTS;
export type TextKey = keyof Texts;

type Names<S extends string> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;
type Values<K extends TextKey> = [Names<Texts[K]>] extends [never]
  ? []
  : [Readonly<Record<Names<Texts[K]>, string | number>>];

/** Keys whose text needs nothing filled in. */
export type PlainKey = { [K in TextKey]: [Names<Texts[K]>] extends [never] ? K : never }[TextKey];

/** The stem of texts that depend on a number. */
type CountKey = {
  [K in TextKey]: K extends `${infer Stem}.other` ? (`${Stem}.one` extends TextKey ? Stem : never) : never;
}[TextKey];

/** The texts are in English, so numbers and times are too, of the region the browser prefers. */
export const LOCALE = globalThis.navigator.languages.find((language) => language.startsWith("en")) ?? "en";

const plurals = new Intl.PluralRules(LOCALE);
const times = new Intl.DateTimeFormat(LOCALE, { dateStyle: "medium", timeStyle: "short" });
const months = new Intl.DateTimeFormat(LOCALE, { month: "long", timeZone: "UTC" });
const weekdays = new Intl.DateTimeFormat(LOCALE, { weekday: "long", timeZone: "UTC" });
const numbers = new Intl.NumberFormat(LOCALE);

/** The text of `key` with its values. */
export function t<K extends TextKey>(key: K, ...values: Values<K>): string {
  return fill(TEXTS[key], values[0] ?? {});
}

/** The text for a number of things. */
export function count(key: CountKey, number: number): string {
  const form = plurals.select(number) === "one" ? "one" : "other";
  return fill(TEXTS[`${key}.${form}`], { count: numbers.format(number) });
}

/** The text of a key that may be unknown, such as one made from what the service named. */
export function known(key: string, otherwise: string): string {
  return Object.hasOwn(TEXTS, key) ? TEXTS[key as TextKey] : otherwise;
}

/** A number, grouped as the reader is used to. */
export function number(value: number): string {
  return numbers.format(value);
}

/** A time from Unix seconds, kept on one line. */
export function time(seconds: number): string {
  return times.format(seconds * 1000).replaceAll(/\s/g, "\u00a0");
}

/** Of 1 to 12. */
export function monthName(month: number): string {
  return months.format(Date.UTC(2024, month - 1));
}

/** Of 0, Sunday, to 6. */
export function weekdayName(day: number): string {
  // The first Sunday of 2024.
  return weekdays.format(Date.UTC(2024, 0, 7 + day));
}

function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
