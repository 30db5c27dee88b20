import type { ProductError } from "./catalog.ts";
import type { Changed, FieldError, Problem } from "./types.ts";

/** Why a call gave nothing, as far as a page treats it differently. */
export type Reason =
  | "unreachable"
  | "session_ended"
  | "settings_changed"
  | "invalid_settings"
  | "products_changed"
  | "invalid_products"
  | "conflict"
  | "too_many"
  | "other";

const REASONS: Readonly<Record<string, Reason>> = {
  session_ended: "session_ended",
  settings_changed: "settings_changed",
  invalid_settings: "invalid_settings",
  products_changed: "products_changed",
  invalid_products: "invalid_products",
  conflict: "conflict",
  too_many_requests: "too_many",
};

/** A call that was refused, or that reached nobody. */
export class Refusal extends Error {
  readonly reason: Reason;
  /** The service's own sentence; empty when it said none. */
  readonly detail: string;
  readonly requestId: string | undefined;
  readonly errors: readonly FieldError[];
  readonly changed: readonly Changed[];
  readonly productErrors: readonly ProductError[];
  /** Ids of products that are not as they were. */
  readonly changedProducts: readonly number[];
  readonly retryAfter: number | undefined;

  constructor(reason: Reason, problem: Partial<Problem> = {}, retryAfter?: number) {
    super(problem.detail ?? reason);
    this.name = "Refusal";
    this.reason = reason;
    this.detail = problem.detail ?? "";
    this.requestId = problem.request_id;
    const { errors = [], changed = [] } = problem;
    this.errors = errors.filter((error) => "field" in error);
    this.productErrors = errors.filter((error) => "product_id" in error);
    this.changed = changed.filter((change) => typeof change === "object");
    this.changedProducts = changed.filter((change) => typeof change === "number");
    this.retryAfter = retryAfter;
  }

  /** Whatever was thrown, as a refusal: anything unknown is a call that reached nobody. */
  static of(thrown: unknown): Refusal {
    return thrown instanceof Refusal ? thrown : new Refusal("unreachable");
  }

  static async read(response: Response): Promise<Refusal> {
    const problem = (await response.json().catch(() => ({}))) as Partial<Problem>;
    const seconds = Number(response.headers.get("retry-after") ?? NaN);
    const reason = REASONS[problem.code ?? ""] ?? "other";
    return new Refusal(reason, problem, Number.isFinite(seconds) ? seconds : undefined);
  }
}
