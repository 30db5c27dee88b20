/** The unsaved edits of any number of products, on this page of the list or not, and what can happen to them. */
import type { Fault, Product, ProductError } from "../api/catalog.ts";
import { differs, draftOf, hasLostOption, type Draft, type DraftOption } from "./draft.ts";

export interface Entry {
  /** The product as it was when the edit began. */
  readonly base: Product;
  readonly draft: Draft;
  readonly faults: readonly Fault[];
  /** Somebody else, or BigCommerce, changed the product since. */
  readonly moved: boolean;
}

/** By product id, in the order of the edits. */
export type Unsaved = ReadonlyMap<number, Entry>;

export type Event =
  | { readonly type: "edited"; readonly product: Product; readonly draft: Draft }
  | { readonly type: "discarded"; readonly id?: number }
  | { readonly type: "restored"; readonly entries: readonly Pick<Entry, "base" | "draft">[] }
  /** Products as they are now. */
  | { readonly type: "read"; readonly products: readonly Product[] }
  | { readonly type: "faulty"; readonly errors: readonly ProductError[] }
  | { readonly type: "saved"; readonly products: readonly Product[]; readonly sent: Unsaved }
  | { readonly type: "kept_mine"; readonly id: number };

export function next(unsaved: Unsaved, event: Event): Unsaved {
  switch (event.type) {
    case "edited":
      return edited(unsaved, event.product, event.draft);
    case "discarded":
      return event.id === undefined ? new Map() : without(unsaved, event.id);
    case "restored":
      return new Map(event.entries.map(({ base, draft }) => [base.id, { base, draft, faults: [], moved: false }]));
    case "read":
      return event.products.reduce(rebased, unsaved);
    case "faulty":
      return withFaults(unsaved, event.errors);
    case "saved":
      return event.products.reduce((left, product) => afterSaving(left, product, event.sent.get(product.id)), unsaved);
    case "kept_mine": {
      const entry = unsaved.get(event.id);
      return entry ? new Map(unsaved).set(event.id, { ...entry, moved: false }) : unsaved;
    }
  }
}

function edited(unsaved: Unsaved, product: Product, draft: Draft): Unsaved {
  const entry = unsaved.get(product.id);
  const base = entry?.base ?? product;
  if (!differs(draft, base) && !hasLostOption(base)) return without(unsaved, product.id);
  // A fault goes when what it was about is touched; one of the whole product with any edit.
  const faults = (entry?.faults ?? []).filter(
    ({ option_id }) =>
      option_id !== null && optionOf(entry?.draft, option_id) === optionOf(draft, option_id) && draft.eligible,
  );
  return new Map(unsaved).set(product.id, { base, draft, faults, moved: entry?.moved ?? false });
}

/** Puts an edit onto a newer state of its product: what was edited stays, the rest becomes what it is now. */
function rebased(unsaved: Unsaved, product: Product): Unsaved {
  const entry = unsaved.get(product.id);
  if (!entry || entry.base.revision === product.revision) return unsaved;
  const draft = merged(entry.draft, draftOf(entry.base), product);
  if (!differs(draft, product)) return without(unsaved, product.id);
  return new Map(unsaved).set(product.id, { base: product, draft, faults: [], moved: true });
}

function merged(mine: Draft, before: Draft, product: Product): Draft {
  const now = draftOf(product);
  const chosen = defaultOf(mine) === defaultOf(before) ? undefined : defaultOf(mine);
  const isThere = now.options.some(({ option_id }) => option_id === chosen);
  const options = now.options.map((option) => {
    const [edit, old] = [optionOf(mine, option.option_id), optionOf(before, option.option_id)];
    return {
      ...option,
      ...(edit && edit.every !== old?.every ? { every: edit.every } : {}),
      ...(edit && edit.every_period !== old?.every_period ? { every_period: edit.every_period } : {}),
      ...(isThere ? { is_default: option.option_id === chosen } : {}),
    };
  });
  return { eligible: mine.eligible === before.eligible ? now.eligible : mine.eligible, options };
}

/** What was typed while it was being saved is an edit of what was saved. */
function afterSaving(unsaved: Unsaved, product: Product, sent: Entry | undefined): Unsaved {
  const entry = unsaved.get(product.id);
  if (!entry) return unsaved;
  if (!sent || entry.draft === sent.draft) return without(unsaved, product.id);
  const draft = merged(entry.draft, sent.draft, product);
  if (!differs(draft, product)) return without(unsaved, product.id);
  return new Map(unsaved).set(product.id, { ...entry, base: product, draft, moved: false });
}

function withFaults(unsaved: Unsaved, errors: readonly ProductError[]): Unsaved {
  const marked = new Map(unsaved);
  for (const [id, entry] of unsaved) {
    marked.set(id, { ...entry, faults: errors.filter(({ product_id }) => product_id === id) });
  }
  return marked;
}

function without(unsaved: Unsaved, id: number): Unsaved {
  return new Map([...unsaved].filter(([other]) => other !== id));
}

function optionOf(draft: Draft | undefined, id: number): DraftOption | undefined {
  return draft?.options.find(({ option_id }) => option_id === id);
}

function defaultOf(draft: Draft): number | undefined {
  return draft.options.find((option) => option.is_default)?.option_id;
}
