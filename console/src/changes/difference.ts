/** What a change does to a product, line by line. */
import type { Plan, PlanOption } from "../api/catalog.ts";
import { frequencyText } from "../products/words.ts";
import { t } from "../texts/t.ts";

export interface Line {
  readonly label: string;
  readonly before: string;
  readonly after: string;
  readonly differs: boolean;
}

/** The lines of a product: whether it is offered, and every option that it has before or after. */
export function linesOf(before: Plan, after: Plan): Line[] {
  const ids = new Set([...after.options, ...before.options].map(({ option_id }) => option_id));
  const options = [...ids].map((id) => {
    const [old, now] = [optionOf(before, id), optionOf(after, id)];
    return line((now ?? old)?.name ?? String(id), optionText(old), optionText(now));
  });
  return [line(t("difference.offer"), yesNo(before.eligible), yesNo(after.eligible)), ...options];
}

function line(label: string, before: string, after: string): Line {
  return { label, before, after, differs: before !== after };
}

function optionOf(plan: Plan, id: number): PlanOption | undefined {
  return plan.options.find(({ option_id }) => option_id === id);
}

function optionText(option: PlanOption | undefined): string {
  if (!option) return t("difference.missing");
  const isNone = option.every === 0 && option.every_period === 0;
  const frequency = isNone ? t("difference.once") : frequencyText(option);
  return option.is_default ? t("difference.option.value", { frequency, default: t("difference.default") }) : frequency;
}

function yesNo(is: boolean): string {
  return t(is ? "difference.yes" : "difference.no");
}
