/** How a check of the overview reads, and where it leads. */
import type { Check, CheckState } from "../api/types.ts";
import { idOf } from "../settings/fields.ts";
import { known, t, time, type PlainKey } from "../texts/t.ts";

export type Leads =
  | { readonly kind: "page"; readonly to: string; readonly text: PlainKey }
  /** Somewhere outside, or it comes by itself: all there is to do here is to look again. */
  | { readonly kind: "again" };

const PAGES: Readonly<Record<string, Leads>> = {
  merchant_id: { kind: "page", to: `/settings#${idOf("ordergroove.merchant_id")}`, text: "check.merchant_id.link" },
  secret_key: { kind: "page", to: `/settings#${idOf("ordergroove.secret_key")}`, text: "check.secret_key.link" },
  products: { kind: "page", to: "/products", text: "check.products.link" },
  feeds: { kind: "page", to: "/feeds", text: "check.feeds.link" },
};

export const BADGES = {
  done: { label: t("state.done"), variant: "success" },
  missing: { label: t("state.missing"), variant: "secondary" },
  attention: { label: t("state.attention"), variant: "warning" },
} as const satisfies Record<CheckState, object>;

export function titleOf({ id }: Check): string {
  return known(`check.${id}`, id);
}

export function sentenceOf({ id, state, message, last_event_at: last }: Check): string {
  if (id === "webhooks" && state === "done" && last) return t("check.webhooks.done.last", { time: time(last) });
  return known(`check.${id}.${state}`, message ?? t(`check.unknown.${state}`));
}

/** Nothing where nothing is left to do. */
export function leadsTo({ id, state }: Check): Leads | undefined {
  return state === "done" ? undefined : (PAGES[id] ?? { kind: "again" });
}

/** Connections have a list of their own. */
export function isConnection({ id }: Check): boolean {
  return id === "bigcommerce" || id === "ordergroove" || id === "sftp";
}
