/** What the console's API answers about feeds. Times are Unix seconds. */
import type { User } from "./types.ts";

export type Channel = "sftp" | "rest";

/** What a schedule means, by the service's word. */
export interface Plan {
  /** No feed is ever sent by it. */
  readonly is_off: boolean;
  readonly words: string;
  readonly warnings: readonly string[];
  /** The next runs. */
  readonly next: readonly number[];
}

export interface Schedule extends Plan {
  readonly expression: string;
  readonly time_zone: string;
}

export interface Destination {
  readonly channel: Channel;
  readonly address: string;
  /** Settings without which nothing can be sent. */
  readonly missing: readonly string[];
  /** The fingerprint that was confirmed; empty before. */
  readonly host_key: string;
}

export type RunState =
  | "waiting"
  | "syncing"
  | "building"
  | "checking"
  | "held"
  | "delivering"
  | "delivered"
  | "unchanged"
  | "failed"
  | "cancelled";

export interface Run {
  readonly id: number;
  readonly feed: "products" | "categories";
  readonly cause: "schedule" | "catch_up" | "hand" | "retry";
  readonly user: User | null;
  readonly state: RunState;
  /** Of the stage; a total of 0 is one not known yet. */
  readonly stage_done: number;
  readonly stage_total: number;
  readonly created_at: number;
  readonly started_at: number | null;
  readonly finished_at: number | null;
  readonly attempts: number;
  readonly next_try_at: number | null;
  readonly products: number;
  readonly items: number;
  readonly left_out: number;
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  readonly bytes: number;
  /** Of the file, in hex; empty before it is there. */
  readonly sha256: string;
  readonly file: string;
  readonly channel: Channel;
  readonly has_file: boolean;
  readonly message: string;
  readonly notes: readonly string[];
}

export interface Feeds {
  readonly schedule: Schedule;
  readonly destination: Destination;
  /** The one under way or held. */
  readonly run: Run | null;
  /** The last ones, newest first. */
  readonly runs: readonly Run[];
}

export interface LeftOut {
  readonly product_id: number;
  readonly variant_id: number | null;
  readonly name: string;
  readonly sku: string;
  readonly reason: string;
}

export interface Differing {
  readonly product_id: number;
  readonly name: string;
  readonly kind: "added" | "changed" | "removed";
}

export interface RowPage<T> {
  readonly rows: readonly T[];
  readonly next: number | null;
}
