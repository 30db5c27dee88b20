/** Products and their configuration, as a person reads them. */
import type { Frequency, Product, ProductPage, Show } from "../api/catalog.ts";
import { count, number, t } from "../texts/t.ts";
import { numberOf, type Draft } from "./draft.ts";
import type { Query } from "./query.ts";

/** "every 2 weeks"; a number without a unit is not set yet. */
export function frequencyText({ every, every_period }: Frequency): string {
  // The service keeps whatever it was told of a product that is not offered.
  if (every === 0 || every_period < 1 || every_period > 3) return t("frequency.none");
  return count(`frequency.${every_period as 1 | 2 | 3}`, every);
}

/** A whole configuration in one line. */
export function planText(draft: Draft, product: Product): string {
  const options = draft.options.map((option) => {
    const known = product.options.find(({ option_id }) => option_id === option.option_id);
    const frequency = known?.one_time
      ? t("product.once")
      : frequencyText({ every: numberOf(option) ?? 0, every_period: option.every_period });
    return t(option.is_default ? "product.plan.default" : "product.plan.option", {
      option: known?.name ?? `${option.option_id}`,
      frequency,
    });
  });
  const offered = t(draft.eligible ? "product.offered" : "product.not_offered");
  return options.length > 0 ? t("product.plan", { offered, options: options.join(", ") }) : offered;
}

/** SKU and id, and what else tells products apart. */
export function factsOf({ sku, id, type, is_visible, variants }: Product): string {
  const facts = [sku === "" ? t("product.facts.plain", { id }) : t("product.facts", { sku, id })];
  if (variants > 1) facts.push(count("product.variants", variants));
  if (type === "digital") facts.push(t("product.digital"));
  if (!is_visible) facts.push(t("product.hidden"));
  return facts.join(" · ");
}

/** How many products a filter finds in the whole catalogue. */
export function countOf({ counts }: ProductPage, show: Show): number {
  return show === "not_eligible" ? Math.max(0, counts.all - counts.eligible) : counts[show];
}

/** How many there are, and which of them are shown. */
export function foundText({ search, show }: Query, { total, page, limit, products }: ProductPage): string {
  const found = count(search === "" && show === "all" ? "products.found" : "products.matching", total);
  const from = (page - 1) * limit + 1;
  if (products.length === 0 || total <= products.length) return found;
  return t("products.range", { found, from: number(from), to: number(from + products.length - 1) });
}
