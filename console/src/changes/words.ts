/** A change of many products, as a person reads it. */
import type { Change, Export } from "../api/catalog.ts";
import { nameOf } from "../parts/people.ts";
import { sizeOf } from "../parts/words.ts";
import { count, number, t, time } from "../texts/t.ts";

export function titleOf({ kind, file_name }: Change): string {
  if (kind !== "import") return t(`change.${kind}`);
  return file_name ? t("change.import", { name: file_name }) : t("change.import.plain");
}

const VARIANTS = {
  uploading: "secondary",
  checking: "secondary",
  faulty: "danger",
  ready: "primary",
  applied: "success",
  undone: "secondary",
  cancelled: "secondary",
  failed: "danger",
} as const satisfies Record<Change["state"], string>;

export function badgeOf({ state }: Change) {
  return { label: t(`change.state.${state}`), variant: VARIANTS[state] };
}

export function byWhom({ user, created_at }: Pick<Change, "user" | "created_at">): string {
  return t("changes.by", { who: user ? nameOf(user) : t("history.app"), time: time(created_at) });
}

export function isUnderWay({ state }: Change): boolean {
  return state === "uploading" || state === "checking";
}

/** How the change stands, and what to do. */
export function textOf(change: Change): string {
  const { state, applied_at, undone_at } = change;
  if (state === "applied" && applied_at !== null) return t("change.text.applied", { time: time(applied_at) });
  if (state === "undone" && undone_at !== null) return t("change.text.undone", { time: time(undone_at) });
  if (state === "ready" && change.changed === 0) return t("change.text.ready.nothing");
  return state === "applied" || state === "undone" ? t(`change.state.${state}`) : t(`change.text.${state}`);
}

export function progressOf({ kind, done, total }: Change): string {
  if (kind === "import") return t("change.progress.bytes", { done: sizeOf(done), total: sizeOf(total) });
  return t("change.progress.products", { done: number(done), total: number(total) });
}

/** The numbers of a change that was looked at; one with faults changes nothing. */
export function factsOf(change: Change): (readonly [string, string])[] {
  const facts: (readonly [string, number])[] = [
    [t("change.fact.changed"), change.changed],
    ...(change.kind === "edits" ? [] : [[t("change.fact.unchanged"), change.unchanged] as const]),
    [t("change.fact.made_eligible"), change.made_eligible],
    [t("change.fact.made_not_eligible"), change.made_not_eligible],
  ];
  const shown: (readonly [string, number])[] = [
    ...(change.kind === "import" ? [[t("change.fact.rows"), change.rows] as const] : []),
    ...(change.state === "faulty" ? [] : facts),
    ...(change.faults > 0 ? [[t("change.fact.faults"), change.faults] as const] : []),
  ];
  return shown.map(([name, value]) => [name, number(value)]);
}

/** "12 products change, 3 newly offered.": what to know before one agrees, and what to remember of it. */
export function summaryOf({ state, changed, made_eligible, made_not_eligible }: Change): string {
  const facts = [count(state === "applied" || state === "undone" ? "change.changed" : "change.changes", changed)];
  if (made_eligible > 0) facts.push(t("change.offers", { count: number(made_eligible) }));
  if (made_not_eligible > 0) facts.push(t("change.withdraws", { count: number(made_not_eligible) }));
  return t("change.sentence", { facts: facts.join(", ") });
}

const EXPORT_VARIANTS = { writing: "secondary", ready: "success", failed: "danger" } as const;

export function exportBadge({ state }: Export) {
  return { label: t(`export.${state}`), variant: EXPORT_VARIANTS[state] };
}

export function exportText(made: Export): string {
  const who = t("export.by", { who: made.user ? nameOf(made.user) : t("history.app") });
  switch (made.state) {
    case "writing":
      return t("export.progress", { done: number(made.done), total: number(made.total) });
    case "ready":
      return t("export.facts", { who, size: sizeOf(made.bytes) });
    case "failed":
      return made.message || t("export.failed.text");
  }
}
