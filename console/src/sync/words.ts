/** How reading the catalogue stands, in words. */
import type { Sync } from "../api/catalog.ts";
import { durationOf } from "../parts/words.ts";
import { count, number, t, time } from "../texts/t.ts";

export function isReading({ state }: Sync): boolean {
  return state === "running" || state === "waiting";
}

/** What is known of the products, or what is being read. */
export function headlineOf(sync: Sync): string {
  const known = count("sync.known", sync.products);
  const at = sync.finished_at ?? sync.started_at;
  switch (sync.state) {
    case "never":
      return t("sync.never");
    case "running":
    case "waiting":
      return t(sync.kind === "changes" ? "sync.running.changes" : `sync.running.${sync.phase}`);
    case "done":
      return at === null ? `${known}.` : t("sync.done", { known, time: time(at) });
    case "cancelled":
      return at === null ? `${known}.` : t("sync.cancelled", { known, time: time(at) });
    case "failed":
      return at === null || sync.products === 0 ? t("sync.failed.never") : t("sync.failed", { known, time: time(at) });
  }
}

/** "1,200 of 5,000 · 12.5 a second · about 5 minutes left"; what is not known is left out. */
export function progressOf({ done, total, per_second, seconds_left }: Sync): string {
  const parts = [
    total > 0
      ? t("sync.progress", { done: number(done), total: number(total) })
      : t("sync.progress.unknown", { done: number(done) }),
  ];
  if (per_second !== null && per_second > 0) {
    parts.push(
      t("sync.rate", { rate: number(per_second < 10 ? Math.round(per_second * 10) / 10 : Math.round(per_second)) }),
    );
  }
  if (seconds_left !== null && total > 0) parts.push(t("sync.left", { duration: durationOf(seconds_left) }));
  return parts.join(" · ");
}

/** What to know about it: the service's own sentence first. */
export function remarksOf(sync: Sync): string[] {
  const remarks = [sync.message || (sync.state === "waiting" ? t("sync.waiting") : "")];
  if (isReading(sync) && sync.products > 0) remarks.push(t("sync.first"));
  if (sync.estimate_seconds !== null && (!isReading(sync) || sync.seconds_left === null)) {
    remarks.push(t("sync.estimate", { duration: durationOf(sync.estimate_seconds) }));
  }
  // Only where it takes long enough to wonder.
  if (((isReading(sync) ? sync.seconds_left : sync.estimate_seconds) ?? 0) > 60) remarks.push(t("sync.slow"));
  return remarks.filter((remark) => remark !== "");
}
