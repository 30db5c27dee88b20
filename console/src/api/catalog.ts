/** What the console's API answers about products. Times are Unix seconds. */
import type { User } from "./types.ts";

/** The unit of a frequency as Ordergroove counts it; 0 is none. */
export type Period = 0 | 1 | 2 | 3;

export interface Frequency {
  readonly every: number;
  readonly every_period: Period;
}

/** An option as somebody configures it. */
export interface Configured extends Frequency {
  readonly option_id: number;
  readonly is_default: boolean;
}

export interface ProductOption extends Configured {
  readonly name: string;
  /** What the name says. */
  readonly suggestion: Frequency | null;
  /** The name says it is a single purchase. */
  readonly one_time: boolean;
}

/** What is wrong with a product, or with one of its options. */
export interface Fault {
  readonly option_id: number | null;
  readonly message: string;
}

export interface Product {
  readonly id: number;
  readonly name: string;
  readonly sku: string;
  readonly type: "physical" | "digital";
  readonly is_visible: boolean;
  readonly variants: number;
  /** Where BigCommerce edits it; empty when that is not known. */
  readonly panel_url: string;
  readonly modifier: { readonly id: number; readonly display_name: string; readonly required: boolean } | null;
  readonly options_read: boolean;
  readonly eligible: boolean;
  /** Every feed says that it is no longer sold, which ends its subscriptions. */
  readonly discontinued: boolean;
  readonly options: readonly ProductOption[];
  readonly revision: number;
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
  readonly faults: readonly Fault[];
}

export const SHOWN = ["all", "eligible", "not_eligible", "attention", "no_options"] as const;
export type Show = (typeof SHOWN)[number];

export const SORTS = ["name", "-name", "id", "-id"] as const;
export type Sort = (typeof SORTS)[number];

export interface ProductPage {
  readonly products: readonly Product[];
  readonly total: number;
  readonly page: number;
  readonly limit: number;
  /** Of the whole catalogue, whatever is searched. */
  readonly counts: Readonly<Record<Exclude<Show, "not_eligible">, number>>;
  readonly sync: Sync;
}

export interface ProductPatch {
  readonly id: number;
  readonly revision: number;
  readonly eligible: boolean;
  /** Left out, they stay as they are. */
  readonly options?: readonly Configured[];
}

/** A fault that refused a save. */
export interface ProductError extends Fault {
  readonly product_id: number;
}

/** How reading the catalogue from BigCommerce stands. */
export interface Sync {
  readonly state: "never" | "running" | "waiting" | "done" | "failed" | "cancelled";
  readonly kind: "full" | "changes";
  readonly phase: "products" | "options";
  /** Of the phase; a total of 0 is one not known yet. */
  readonly done: number;
  readonly total: number;
  readonly per_second: number | null;
  readonly seconds_left: number | null;
  readonly estimate_seconds: number | null;
  readonly started_at: number | null;
  readonly finished_at: number | null;
  readonly products: number;
  readonly changed: number;
  readonly gone: number;
  readonly message: string;
}

export type RuleKind = "fill" | "offer" | "withdraw";

/** A change of many products: those named, or all that match. */
export interface Rule {
  readonly kind: RuleKind;
  readonly show?: Show;
  readonly search?: string;
  readonly products?: readonly number[];
}

export interface Change {
  readonly id: number;
  readonly kind: RuleKind | "import" | "edits";
  readonly file_name: string | null;
  readonly file_bytes: number | null;
  readonly user: User | null;
  readonly created_at: number;
  readonly state: "uploading" | "checking" | "faulty" | "ready" | "applied" | "undone" | "cancelled" | "failed";
  /** While it is checked: bytes of a file, products otherwise. */
  readonly done: number;
  readonly total: number;
  readonly rows: number;
  readonly faults: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly made_eligible: number;
  readonly made_not_eligible: number;
  readonly applied_at: number | null;
  readonly undone_at: number | null;
  readonly can_undo: boolean;
  readonly message: string;
}

export interface ChangePage {
  readonly changes: readonly Change[];
  readonly next: number | null;
}

export interface RowFault {
  readonly id: number;
  /** As a spreadsheet counts; none where there is no file. */
  readonly row: number | null;
  readonly column: string;
  readonly product_id: number | null;
  readonly reason: string;
  readonly value: string;
}

export interface FaultPage {
  readonly faults: readonly RowFault[];
  readonly next: number | null;
}

export interface PlanOption extends Configured {
  readonly name: string;
}

export interface Plan {
  readonly eligible: boolean;
  readonly options: readonly PlanOption[];
}

export interface ChangedProduct {
  readonly id: number;
  readonly name: string;
  readonly sku: string;
  readonly before: Plan;
  readonly after: Plan;
}

export interface DifferencePage {
  readonly products: readonly ChangedProduct[];
  readonly next: number | null;
}

export interface Export {
  readonly id: number;
  readonly state: "writing" | "ready" | "failed";
  readonly done: number;
  readonly total: number;
  readonly bytes: number;
  readonly user: User | null;
  readonly created_at: number;
  readonly message: string;
}
