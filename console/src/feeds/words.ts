/** A run of a feed, as a person reads it. */
import type { Run } from "../api/feeds.ts";
import { nameOf } from "../parts/people.ts";
import { sizeOf } from "../parts/words.ts";
import { count, number, t, time, type PlainKey } from "../texts/t.ts";

/** What a run does one after the other. */
export const STAGES = ["syncing", "building", "checking", "delivering"] as const;
export type Stage = (typeof STAGES)[number];

const VARIANTS = {
  waiting: "secondary",
  syncing: "primary",
  building: "primary",
  checking: "primary",
  held: "warning",
  delivering: "primary",
  delivered: "success",
  unchanged: "success",
  failed: "danger",
  cancelled: "secondary",
} as const satisfies Record<Run["state"], string>;

export function titleOf({ feed, created_at }: Run): string {
  return t(`run.title.${feed}`, { time: time(created_at) });
}

export function badgeOf(run: Run) {
  if (isTriedAgain(run)) return { label: t("run.state.again"), variant: "warning" } as const;
  return { label: t(`run.state.${run.state}`), variant: VARIANTS[run.state] };
}

/** Something went wrong that may pass. */
function isTriedAgain(run: Run): run is Run & { readonly next_try_at: number } {
  return isUnderWay(run) && run.next_try_at !== null;
}

/** It goes on by itself. One that is held waits for somebody. */
export function isUnderWay({ state }: Run): boolean {
  return state === "waiting" || stageOf(state) !== undefined;
}

export function stageOf(state: Run["state"]): Stage | undefined {
  return STAGES.find((stage) => stage === state);
}

/** How the run stands, in a sentence. */
export function textOf(run: Run): string {
  const { state, finished_at } = run;
  // Also while it is being tried: the time is then past.
  if (isTriedAgain(run)) return t("run.text.again", { time: time(run.next_try_at), attempt: number(run.attempts + 1) });
  switch (state) {
    case "delivered":
    case "unchanged":
    case "failed":
    case "cancelled":
      return t(`run.text.${state}`, { time: time(finished_at ?? run.created_at) });
    case "held":
      return shrinkOf(run);
    case "waiting":
    case "syncing":
    case "building":
    case "checking":
    case "delivering":
      return t(`run.text.${state}`);
  }
}

/** "1,200 of 5,000 products", or of bytes where a file is sent; nothing before it is known. */
export function progressOf({ state, channel, feed, stage_done: done, stage_total: total }: Run): string {
  // Comparing is done before its parts could be counted.
  if (state === "checking" || (done === 0 && total === 0)) return "";
  if (state === "delivering" && channel === "sftp") {
    return total > 0
      ? t("run.progress.bytes", { done: sizeOf(done), total: sizeOf(total) })
      : t("run.progress.bytes.unknown", { done: sizeOf(done) });
  }
  const what = t(`run.what.${feed}`);
  return total > 0
    ? t("run.progress", { done: number(done), total: number(total), what })
    : t("run.progress.unknown", { done: number(done), what });
}

/** By how much a feed that is held shrank, in the service's words where it has some. */
export function shrinkOf({ products, added, removed, message }: Run): string {
  if (message !== "") return message;
  const before = products - added + removed;
  if (before <= products) return t("run.text.held");
  const percent = Math.round((100 * (before - products)) / before);
  return t("run.held.shrank", { products: number(products), before: number(before), percent: number(percent) });
}

/** How an entry of a feed is told from others. */
export function entryOf({ feed }: Pick<Run, "feed">, id: number): string {
  return t(feed === "products" ? "run.item" : "run.item.category", { id });
}

/** Why it began, and by whom. */
export function causeOf({ cause, user }: Run): string {
  return user ? t(`run.cause.${cause}.by`, { who: nameOf(user) }) : t(`run.cause.${cause}`);
}

/** "3 added, 5 changed, 1 removed": against the last feed that was accepted. */
export function differenceOf({ added, changed, removed }: Run): string {
  const parts: readonly (readonly ["added" | "changed" | "removed", number])[] = [
    ["added", added],
    ["changed", changed],
    ["removed", removed],
  ];
  const some = parts.filter(([, amount]) => amount > 0);
  if (some.length === 0) return t("run.same");
  return some.map(([kind, amount]) => t(`run.${kind}`, { count: number(amount) })).join(", ");
}

/** What the history says of it, in short. */
export function summaryOf(run: Run): string {
  if (run.bytes === 0) return "";
  const left = run.left_out > 0 ? [t("run.leftOut", { count: number(run.left_out) })] : [];
  return [amountOf(run), ...left, sizeOf(run.bytes)].join(" · ");
}

function amountOf({ feed, products, items }: Run): string {
  if (feed === "categories") return count("run.categories", items);
  return t("run.amount", { products: count("run.products", products), items: count("run.items", items) });
}

/** "42 s", "3 min 5 s". */
export function tookOf({ started_at, finished_at }: Run): string | undefined {
  if (started_at === null || finished_at === null) return undefined;
  const seconds = Math.max(0, Math.round(finished_at - started_at));
  if (seconds < 60) return t("run.took.seconds", { seconds });
  return t("run.took.minutes", { minutes: number(Math.floor(seconds / 60)), seconds: seconds % 60 });
}

/** Names and values: what there is to know of a run. */
export function factsOf(run: Run): (readonly [string, string])[] {
  const { feed, started_at, finished_at, attempts, bytes } = run;
  const took = tookOf(run);
  const facts: (readonly [PlainKey, string | undefined])[] = [
    ["run.fact.started", started_at === null ? undefined : time(started_at)],
    ["run.fact.finished", finished_at === null ? undefined : time(finished_at)],
    ["run.fact.took", took],
    ["run.fact.attempts", attempts > 0 ? number(attempts) : undefined],
    ["run.fact.channel", t(`channel.${run.channel}`)],
    ...(bytes > 0
      ? ([
          ...(feed === "products" ? ([["run.fact.products", number(run.products)]] as const) : []),
          [feed === "products" ? "run.fact.items" : "run.fact.categories", number(run.items)],
          ["run.fact.leftOut", number(run.left_out)],
          ["run.fact.difference", differenceOf(run)],
          ["run.fact.file", run.file],
          ["run.fact.size", sizeOf(bytes)],
        ] as const)
      : []),
  ];
  return facts.flatMap(([name, value]) => (value === undefined ? [] : [[t(name), value] as const]));
}

/** What can be done with a run. */
export type Action = "cancel" | "confirm" | "discard" | "retry";

export function actionsOf(run: Run): Action[] {
  if (isUnderWay(run)) return ["cancel"];
  if (run.state === "held") return ["confirm", "discard"];
  return run.state === "failed" ? ["retry"] : [];
}

const QUICK_MS = 2000;
const SLOW_MS = 15_000;
/** A retry further away than this needs no quick look. */
const SOON = 30;

/**
 * After how many milliseconds to look at a run again. Nothing where it does not go on by itself: asking on and on
 * would keep the session of a page that nobody looks at.
 */
export function pollAfter(run: Run | null, now: number): number | undefined {
  if (!run || !isUnderWay(run)) return undefined;
  return run.next_try_at !== null && run.next_try_at - now > SOON ? SLOW_MS : QUICK_MS;
}
