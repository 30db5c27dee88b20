/** Selected products: some, or all that match the search. */
import type { Product, RuleKind } from "../api/catalog.ts";
import { canBeOffered, draftOf, filled, type Draft } from "./draft.ts";
import type { Unsaved } from "./unsaved.ts";

export type Selection =
  { readonly kind: "some"; readonly products: ReadonlyMap<number, Product> } | { readonly kind: "matching" };

export const NOTHING: Selection = { kind: "some", products: new Map() };

export function withProducts(selection: Selection, products: readonly Product[], isSelected: boolean): Selection {
  const selected = new Map(selection.kind === "some" ? selection.products : []);
  for (const product of products) {
    if (isSelected) selected.set(product.id, product);
    else selected.delete(product.id);
  }
  return { kind: "some", products: selected };
}

export interface Bulk {
  readonly edits: readonly { readonly product: Product; readonly draft: Draft }[];
  /** Products that cannot be offered. */
  readonly skipped: number;
}

/** What an action would make of the selected products: edits to look at and to save. */
export function bulkEdits(kind: RuleKind, products: Iterable<Product>, unsaved: Unsaved): Bulk {
  const edits: Bulk["edits"][number][] = [];
  let skipped = 0;
  for (const product of products) {
    const draft = unsaved.get(product.id)?.draft ?? draftOf(product);
    const after = applied(kind, draft, product);
    if (!after) skipped += 1;
    else if (JSON.stringify(after) !== JSON.stringify(draft)) edits.push({ product, draft: after });
  }
  return { edits, skipped };
}

function applied(kind: RuleKind, draft: Draft, product: Product): Draft | undefined {
  if (kind === "withdraw") return { ...draft, eligible: false };
  if (!canBeOffered(product)) return undefined;
  return kind === "offer" ? { ...draft, eligible: true } : filled(draft, product);
}
