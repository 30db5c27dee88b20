/** Time zones, and times in them. */
import { LOCALE } from "../texts/t.ts";

/** Every zone the browser knows. */
export function allZones(): readonly string[] {
  return [...new Set([...Intl.supportedValuesOf("timeZone"), "UTC"])];
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** "Sun, Nov 1, 2026, 01:30 CDT"; nothing where the browser does not know the zone. */
export function timeIn(zone: string, seconds: number): string | undefined {
  try {
    const format = formats.get(zone) ?? formatOf(zone);
    formats.set(zone, format);
    return format.format(seconds * 1000);
  } catch {
    return undefined;
  }
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(LOCALE, {
    weekday: "short",
    year: "numeric",
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    // UTC needs no word of it in a column that is all UTC, but one of the zone tells summer from winter.
    ...(timeZone === "UTC" ? {} : { timeZoneName: "short" }),
    timeZone,
  });
}
