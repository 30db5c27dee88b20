/** Saves any number of products, as many at once as the service takes. */
import type { Api } from "../api/client.ts";
import type { Product, ProductError } from "../api/catalog.ts";
import { Refusal } from "../api/refusal.ts";
import { faultsOf, patchOf } from "./draft.ts";
import type { Entry, Event, Unsaved } from "./unsaved.ts";

const AT_ONCE = 250;

export type Outcome =
  | { readonly kind: "none" | "nothing" | "discarded" }
  | { readonly kind: "saved"; readonly saved: number }
  | {
      readonly kind: "stopped";
      readonly saved: number;
      readonly faulty: readonly Product[];
      readonly moved: readonly Product[];
      readonly gone: number;
      readonly refusal?: Refusal;
    };

/** What is wrong by the rules, before anything is sent. */
export function errorsOf(unsaved: Unsaved): ProductError[] {
  return [...unsaved.values()].flatMap(({ base, draft }) =>
    faultsOf(draft, base).map((fault) => ({ product_id: base.id, ...fault })),
  );
}

/** Saves, and tells every step: what was saved, what was refused and why, and how changed products are now. */
export async function saveAll(
  api: Pick<Api, "products" | "saveProducts">,
  unsaved: Unsaved,
  tell: (event: Event) => void,
): Promise<Outcome> {
  const errors = errorsOf(unsaved);
  const changed: number[] = [];
  let saved = 0;
  let refusal: Refusal | undefined;
  for (const part of errors.length > 0 ? [] : partsOf([...unsaved.values()])) {
    try {
      const products = await api.saveProducts(part.map(({ draft, base }) => patchOf(draft, base)));
      saved += products.length;
      tell({ type: "saved", products, sent: unsaved });
    } catch (thrown) {
      const refused = Refusal.of(thrown);
      if (refused.reason === "invalid_products") errors.push(...refused.productErrors);
      else if (refused.reason === "products_changed") changed.push(...refused.changedProducts);
      else {
        refusal = refused;
        break;
      }
    }
  }
  tell({ type: "faulty", errors });
  const { moved, gone, failed } = await readAgain(api, changed, tell);
  refusal ??= failed;
  const faulty = [...unsaved.values()].flatMap(({ base }) =>
    errors.some(({ product_id }) => product_id === base.id) ? [base] : [],
  );
  if (!refusal && faulty.length + moved.length + gone === 0) return { kind: "saved", saved };
  return { kind: "stopped", saved, faulty, moved, gone, ...(refusal ? { refusal } : {}) };
}

interface Read {
  readonly moved: readonly Product[];
  readonly gone: number;
  readonly failed?: Refusal;
}

/** How products are now that are not as they were when the edit began. */
async function readAgain(api: Pick<Api, "products">, ids: readonly number[], tell: (event: Event) => void) {
  const [moved, gone]: [Product[], number[]] = [[], []];
  let failed: Refusal | undefined;
  for (const id of ids) {
    try {
      const parameters = new URLSearchParams({ search: String(id), show: "all", sort: "id", page: "1", limit: "250" });
      const product = (await api.products(parameters.toString())).products.find((found) => found.id === id);
      if (product) moved.push(product);
      else gone.push(id);
    } catch (thrown) {
      failed = Refusal.of(thrown);
      break;
    }
  }
  tell({ type: "read", products: moved });
  for (const id of gone) tell({ type: "discarded", id });
  return { moved, gone: gone.length, ...(failed ? { failed } : {}) } satisfies Read;
}

function partsOf(entries: readonly Entry[]): Entry[][] {
  const parts: Entry[][] = [];
  for (let at = 0; at < entries.length; at += AT_ONCE) parts.push(entries.slice(at, at + AT_ONCE));
  return parts;
}
