import type { Changed, FieldError, Problem } from "./types.ts";

/** Why a call gave nothing, as far as a page treats it differently. */
export type Reason = "unreachable" | "session_ended" | "settings_changed" | "invalid_settings" | "too_many" | "other";

const REASONS: Readonly<Record<string, Reason>> = {
  session_ended: "session_ended",
  settings_changed: "settings_changed",
  invalid_settings: "invalid_settings",
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
  readonly retryAfter: number | undefined;

  constructor(reason: Reason, problem: Partial<Problem> = {}, retryAfter?: number) {
    super(problem.detail ?? reason);
    this.name = "Refusal";
    this.reason = reason;
    this.detail = problem.detail ?? "";
    this.requestId = problem.request_id;
    this.errors = problem.errors ?? [];
    this.changed = problem.changed ?? [];
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
