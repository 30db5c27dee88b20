/** Products for the tests, as the service answers them. */
import type { Change, Product, ProductOption, Sync } from "../src/api/catalog.ts";

export const ONCE = 101;
export const WEEKS = 102;
export const MONTH = 103;
export const CLUB = 104;

export function option(option_id: number, name: string, part: Partial<ProductOption> = {}): ProductOption {
  return { option_id, name, every: 0, every_period: 0, is_default: false, suggestion: null, one_time: false, ...part };
}

export function product(part: Partial<Product> = {}): Product {
  return {
    id: 77,
    name: "Green tea",
    sku: "TEA-1",
    type: "physical",
    is_visible: true,
    variants: 1,
    panel_url: "https://store.example/manage/products/edit/77",
    modifier: { id: 9, display_name: "Subscription", required: false },
    options_read: true,
    eligible: false,
    discontinued: false,
    options: [
      option(ONCE, "One-time purchase", { one_time: true, suggestion: { every: 0, every_period: 0 } }),
      option(WEEKS, "Every 2 weeks", { suggestion: { every: 2, every_period: 2 } }),
      option(MONTH, "Every month", { suggestion: { every: 1, every_period: 3 } }),
      option(CLUB, "Tea club"),
    ],
    revision: 1,
    warnings: [],
    faults: [],
    ...part,
  };
}

export function sync(part: Partial<Sync> = {}): Sync {
  return {
    state: "done",
    kind: "full",
    phase: "options",
    done: 82,
    total: 82,
    per_second: null,
    seconds_left: null,
    estimate_seconds: null,
    started_at: 1_790_000_000,
    finished_at: 1_790_000_100,
    products: 82,
    changed: 0,
    gone: 0,
    message: "",
    ...part,
  };
}

export function change(part: Partial<Change> = {}): Change {
  return {
    id: 5,
    kind: "import",
    file_name: "products.csv",
    file_bytes: 38_211,
    user: { id: 7, email: "owner@example.com" },
    created_at: 1_790_000_000,
    state: "ready",
    done: 38_211,
    total: 38_211,
    rows: 82,
    faults: 0,
    changed: 12,
    unchanged: 70,
    made_eligible: 3,
    made_not_eligible: 1,
    applied_at: null,
    undone_at: null,
    can_undo: false,
    message: "",
    ...part,
  };
}
