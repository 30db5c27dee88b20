/** Sizes and times as a person says them. */
import { count, number, t } from "../texts/t.ts";

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** "about 42 minutes", "about 2 hours 20 minutes": no more exact than such a guess can be. */
export function durationOf(seconds: number): string {
  if (seconds < 50) return t("duration.moment");
  if (seconds < 100 * MINUTE) return count("duration.minutes", Math.round(seconds / MINUTE));
  const tens = Math.round(seconds / (10 * MINUTE));
  const [hours, minutes] = [Math.floor(tens / 6), (tens % 6) * 10];
  const whole = count("duration.hours", hours);
  return minutes === 0 || seconds >= 10 * HOUR
    ? count("duration.hours", Math.round(seconds / HOUR))
    : t("duration.both", { hours: whole, minutes: count("duration.and", minutes) });
}

export function sizeOf(bytes: number): string {
  if (bytes < 1000) return t("file.bytes", { number: number(bytes) });
  if (bytes < 1024 * 1000) return t("file.kilobytes", { number: number(Math.max(1, Math.round(bytes / 1024))) });
  const megabytes = bytes / (1024 * 1024);
  return t("file.megabytes", { number: number(Number(megabytes.toFixed(megabytes < 10 ? 1 : 0))) });
}

/** Never 100 before it is done. */
export function percentOf(done: number, total: number): number | undefined {
  if (total <= 0) return undefined;
  return done >= total ? 100 : Math.floor((100 * Math.max(0, done)) / total);
}
