/** A run of a feed for the tests, as the service answers it. */
import type { Run } from "../src/api/feeds.ts";

export function run(parts: Partial<Run> = {}): Run {
  return {
    id: 7,
    feed: "products",
    cause: "schedule",
    user: null,
    state: "delivered",
    stage_done: 0,
    stage_total: 0,
    created_at: 1_790_000_000,
    started_at: 1_790_000_001,
    finished_at: 1_790_000_043,
    attempts: 0,
    next_try_at: null,
    products: 1204,
    items: 3412,
    left_out: 0,
    added: 0,
    changed: 0,
    removed: 0,
    bytes: 1_482_911,
    sha256: "9f".repeat(32),
    file: "m-1.Products.xml",
    channel: "sftp",
    has_file: true,
    message: "",
    notes: [],
    ...parts,
  };
}
