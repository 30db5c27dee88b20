/** How a connection stands, in words. */
import type { Check, Party, Step, TestResult } from "../api/types.ts";
import { known, t, time } from "../texts/t.ts";

const WORKS = { label: t("state.tested"), variant: "success" } as const;
const FAILED = { label: t("state.failed"), variant: "warning" } as const;
const UNTESTED = { label: t("state.untested"), variant: "secondary" } as const;

export interface Standing {
  readonly badge?: typeof WORKS | typeof FAILED | typeof UNTESTED;
  readonly text: string;
}

/** By the test just made, else by the last one the service knows. */
export function standingOf(party: Party, check: Check | undefined, result: TestResult | undefined): Standing {
  if (result) {
    const name = t(`party.${party}`);
    return result.ok
      ? { badge: WORKS, text: t("test.result.ok", { party: name }) }
      : { badge: FAILED, text: t("test.result.failed", { party: name }) };
  }
  if (!check) return { text: "" };
  if (check.state === "missing" || !check.tested_at) return { badge: UNTESTED, text: t("test.untested") };
  const tested = time(check.tested_at);
  if (check.state === "done") return { badge: WORKS, text: t("test.passed", { time: tested }) };
  return {
    badge: FAILED,
    text: check.message
      ? t("test.failed", { time: tested, message: check.message })
      : t("test.failed.plain", { time: tested }),
  };
}

/** The fingerprint of a server's key that nobody confirmed yet, or that is another than the one confirmed. */
export function keyToConfirm(result: TestResult | undefined): string | undefined {
  return result?.steps.find(({ name, ok }) => name === "host_key" && !ok)?.fingerprint ?? undefined;
}

/** A step that has no label here is shown by the name the service gives it. */
export function stepText(party: Party, { name, ok, message }: Step): string {
  const step = known(`step.${party}.${name}`, name);
  if (message) return t("test.step", { step, message });
  return t("test.step", { step, message: t(ok ? "test.step.ok" : "test.step.failed") });
}
