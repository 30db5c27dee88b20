import assert from "node:assert/strict";
import { test } from "node:test";

import type { Product, ProductPatch } from "../src/api/catalog.ts";
import { Refusal } from "../src/api/refusal.ts";
import { draftOf, filled, withOption } from "../src/products/draft.ts";
import { saveAll } from "../src/products/saving.ts";
import { next, type Event, type Unsaved } from "../src/products/unsaved.ts";
import { CLUB, product, sync } from "./catalog.ts";

/** A service that holds products, and answers as it is told. */
function service(held: readonly Product[], judge: (patches: readonly ProductPatch[]) => void = () => undefined) {
  const sent: number[][] = [];
  return {
    sent,
    saveProducts: async (patches: readonly ProductPatch[]) => {
      sent.push(patches.map(({ id }) => id));
      await Promise.resolve();
      judge(patches);
      return patches.map(({ id, revision }) => product({ id, revision: revision + 1, eligible: true }));
    },
    products: (parameters: string) => {
      const id = Number(new URLSearchParams(parameters).get("search"));
      const products = held.filter((each) => String(each.id).startsWith(String(id)));
      const counts = { all: 0, eligible: 0, attention: 0, no_options: 0 };
      return Promise.resolve({ products, total: products.length, page: 1, limit: 250, counts, sync: sync() });
    },
  };
}

function offering(count: number): Unsaved {
  return Array.from({ length: count }, (_, place) => product({ id: place + 1 })).reduce<Unsaved>((unsaved, base) => {
    const draft = withOption(filled(draftOf(base), base), CLUB, { every: "1", every_period: 1 });
    return next(unsaved, { type: "edited", product: base, draft: { ...draft, eligible: true } });
  }, new Map());
}

async function save(api: ReturnType<typeof service>, unsaved: Unsaved) {
  let left = unsaved;
  const outcome = await saveAll(api, unsaved, (event: Event) => {
    left = next(left, event);
  });
  return { outcome, left };
}

void test("any number is saved, 250 at once", async () => {
  const api = service([]);
  const { outcome, left } = await save(api, offering(501));
  assert.deepEqual(outcome, { kind: "saved", saved: 501 });
  assert.deepEqual(
    api.sent.map((ids) => ids.length),
    [250, 250, 1],
  );
  assert.equal(left.size, 0);
});

void test("what breaks a rule is not even sent", async () => {
  const api = service([]);
  const base = product();
  const unsaved = next(new Map(), { type: "edited", product: base, draft: { ...draftOf(base), eligible: true } });
  const { outcome, left } = await save(api, unsaved);
  assert.deepEqual([outcome.kind, api.sent], ["stopped", []]);
  assert.deepEqual(outcome.kind === "stopped" && outcome.faulty.map(({ id }) => id), [77]);
  assert.ok((left.get(77)?.faults.length ?? 0) > 0);
});

void test("what the service finds wrong is told at its product, and the other parts are saved", async () => {
  const api = service([], (patches) => {
    if (!patches.some(({ id }) => id === 3)) return;
    const errors = [{ product_id: 3, option_id: CLUB, message: "Too seldom." }];
    throw new Refusal("invalid_products", { errors });
  });
  const { outcome, left } = await save(api, offering(260));
  assert.deepEqual(outcome.kind === "stopped" && [outcome.saved, outcome.faulty.map(({ id }) => id)], [10, [3]]);
  assert.equal(left.size, 250);
  assert.deepEqual(left.get(3)?.faults, [{ product_id: 3, option_id: CLUB, message: "Too seldom." }]);
});

void test("a product that was changed is read again, and one that is gone is told", async () => {
  const newer = product({ id: 2, revision: 5, name: "Renamed" });
  // Its id begins like that of another.
  const api = service([product({ id: 20 }), newer], () => {
    throw new Refusal("products_changed", { changed: [2, 3] });
  });
  const { outcome, left } = await save(api, offering(3));
  assert.deepEqual(outcome.kind === "stopped" && [outcome.moved, outcome.gone], [[newer], 1]);
  assert.deepEqual([...left.keys()], [1, 2]);
  assert.deepEqual([left.get(2)?.base.revision, left.get(2)?.moved], [5, true]);
  assert.equal(left.get(2)?.draft.eligible, true, "nothing typed is lost");
});

void test("a save that reached nobody loses nothing, and what was saved before it stays saved", async () => {
  let calls = 0;
  const api = service([], () => {
    calls += 1;
    if (calls === 2) throw new Refusal("unreachable");
  });
  const { outcome, left } = await save(api, offering(501));
  assert.deepEqual(outcome.kind === "stopped" && [outcome.saved, outcome.refusal?.reason], [250, "unreachable"]);
  assert.equal(left.size, 251);
});
