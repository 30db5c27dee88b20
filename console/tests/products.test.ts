import assert from "node:assert/strict";
import { test } from "node:test";

import type { Product } from "../src/api/catalog.ts";
import {
  canFill,
  differs,
  draftOf,
  faultsOf,
  filled,
  patchOf,
  withDefault,
  withOption,
} from "../src/products/draft.ts";
import { addressOf, pagesOf, parametersOf, queryOf, selecting } from "../src/products/query.ts";
import { bulkEdits, NOTHING, withProducts } from "../src/products/selection.ts";
import { next, type Unsaved } from "../src/products/unsaved.ts";
import { countOf, factsOf, foundText, frequencyText, planText } from "../src/products/words.ts";
import { CLUB, MONTH, ONCE, option, product, sync, WEEKS } from "./catalog.ts";

const offered = (base: Product) => ({ ...draftOf(base), eligible: true });

void test("an edit is one only while it differs from what is saved", () => {
  const base = product();
  const draft = withOption(draftOf(base), WEEKS, { every: "2" });
  assert.equal(differs(draft, base), true);
  assert.equal(differs(withOption(draft, WEEKS, { every: "" }), base), false);
  assert.equal(differs(withOption(draft, WEEKS, { every: "0" }), base), false, "nothing typed is 0");
  assert.equal(differs(withOption(draftOf(base), WEEKS, { every: "two" }), base), true);
  assert.equal(differs(withDefault(draftOf(base), MONTH), base), true);
});

void test("a product that is not offered may say anything but what is no number", () => {
  const base = product();
  assert.deepEqual(faultsOf(withOption(draftOf(base), WEEKS, { every: "2" }), base), []);
  for (const typed of ["two", "1.5", "-1", "1e3", "٣"]) {
    const faults = faultsOf(withOption(draftOf(base), WEEKS, { every: typed }), base);
    assert.deepEqual(faults, [{ option_id: WEEKS, message: "Enter a whole number." }], typed);
  }
});

void test("every fault of an offered product is told where it is", () => {
  const base = product();
  assert.deepEqual(
    faultsOf(offered(base), base).map(({ option_id }) => option_id),
    [WEEKS, MONTH, CLUB, null],
    "three without a frequency, and no default",
  );
  let draft = withDefault(filled(offered(base), base), WEEKS);
  draft = withOption(draft, CLUB, { every: "3" });
  assert.deepEqual(faultsOf(draft, base), [{ option_id: CLUB, message: "Choose days, weeks or months." }]);
  draft = withOption(draft, CLUB, { every: "0", every_period: 1 });
  assert.deepEqual(faultsOf(draft, base), [{ option_id: CLUB, message: "Enter a number of at least 1." }]);
  assert.deepEqual(faultsOf(withOption(draft, CLUB, { every: " 30 " }), base), []);
});

void test("a product without options cannot be offered", () => {
  const base = product({ modifier: null, options: [] });
  assert.deepEqual(
    faultsOf(offered(base), base).map(({ option_id }) => option_id),
    [null],
  );
  assert.deepEqual(patchOf(offered(base), base), { id: 77, revision: 1, eligible: true }, "what is not there is kept");
});

void test("the obvious is what names say, with the single purchase as the default", () => {
  const base = product();
  const draft = filled(draftOf(base), base);
  assert.deepEqual(
    patchOf(draft, base).options?.map(({ option_id, every, every_period, is_default }) => [
      option_id,
      every,
      every_period,
      is_default,
    ]),
    [
      [ONCE, 0, 0, true],
      [WEEKS, 2, 2, false],
      [MONTH, 1, 3, false],
      [CLUB, 0, 0, false],
    ],
  );
  assert.equal(draft.eligible, false, "it never offers a product");
  assert.equal(canFill(draftOf(base), base), true);
  assert.equal(canFill(draft, base), false);
  const chosen = withDefault(draftOf(base), CLUB);
  assert.equal(filled(chosen, base).options.find((each) => each.is_default)?.option_id, CLUB, "a default stays");
});

void test("an address says what is shown, and nothing it needs not", () => {
  const query = queryOf(new URLSearchParams("search= tea &show=attention&sort=-id&page=3&limit=100"));
  assert.deepEqual(query, { search: "tea", show: "attention", sort: "-id", page: 3, limit: 100 });
  assert.equal(addressOf(query).toString(), "search=tea&show=attention&sort=-id&page=3&limit=100");
  const plain = queryOf(new URLSearchParams("show=nonsense&sort=price&page=-1&limit=1000000"));
  assert.equal(addressOf(plain).toString(), "");
  assert.equal(parametersOf(plain), "search=&show=all&sort=name&page=1&limit=25");
  assert.equal(selecting(query, { search: "x" }).page, 1, "another selection begins at its first page");
  assert.equal(queryOf(new URLSearchParams({ search: "x".repeat(300) })).search.length, 200);
  assert.deepEqual([pagesOf(0, 25), pagesOf(25, 25), pagesOf(26, 25)], [1, 1, 2]);
});

function edited(base: Product, part: Parameters<typeof withOption>[2], unsaved: Unsaved = new Map()): Unsaved {
  const draft = withOption(unsaved.get(base.id)?.draft ?? draftOf(base), WEEKS, part);
  return next(unsaved, { type: "edited", product: base, draft });
}

void test("an edit that is taken back is none", () => {
  const base = product();
  const unsaved = edited(base, { every: "2" });
  assert.equal(unsaved.size, 1);
  assert.equal(edited(base, { every: "" }, unsaved).size, 0);
  assert.equal(next(unsaved, { type: "discarded", id: 77 }).size, 0);
});

void test("a fault goes when its option is touched, one of the product with any edit", () => {
  const base = product({ eligible: true });
  const errors = [
    { product_id: 77, option_id: WEEKS, message: "too seldom" },
    { product_id: 77, option_id: MONTH, message: "too often" },
    { product_id: 77, option_id: null, message: "no default" },
  ];
  let unsaved = next(edited(base, { every: "2" }), { type: "faulty", errors });
  assert.equal(unsaved.get(77)?.faults.length, 3);
  unsaved = edited(base, { every: "3" }, unsaved);
  assert.deepEqual(
    unsaved.get(77)?.faults.map(({ option_id }) => option_id),
    [MONTH],
  );
});

void test("an edit stays on a product that was changed meanwhile, the rest is as it is now", () => {
  const base = product();
  let unsaved = edited(base, { every: "2", every_period: 2 });
  const theirs = product({
    eligible: true,
    revision: 2,
    options: [
      option(WEEKS, "Every 2 weeks", { every: 9, every_period: 1 }),
      option(MONTH, "Every month", { every: 1, every_period: 3, is_default: true }),
      option(105, "Every year"),
    ],
  });
  unsaved = next(unsaved, { type: "read", products: [theirs] });
  const entry = unsaved.get(77);
  assert.equal(entry?.moved, true);
  assert.deepEqual(entry.base, theirs, "the next save is made on what is there now");
  assert.deepEqual(entry.draft, {
    eligible: true,
    options: [
      { option_id: WEEKS, every: "2", every_period: 2, is_default: false },
      { option_id: MONTH, every: "1", every_period: 3, is_default: true },
      { option_id: 105, every: "", every_period: 0, is_default: false },
    ],
  });
  assert.equal(next(unsaved, { type: "kept_mine", id: 77 }).get(77)?.moved, false);
  assert.equal(next(unsaved, { type: "read", products: [theirs] }), unsaved, "read twice is moved once");
});

void test("a default that was chosen stays the only one", () => {
  const base = product();
  const draft = withDefault(draftOf(base), WEEKS);
  const theirs = { ...withDefaultOf(base, MONTH), revision: 2 };
  const unsaved = next(next(new Map(), { type: "edited", product: base, draft }), { type: "read", products: [theirs] });
  const defaults = unsaved.get(77)?.draft.options.filter((each) => each.is_default);
  assert.deepEqual(
    defaults?.map(({ option_id }) => option_id),
    [WEEKS],
  );
});

function withDefaultOf(base: Product, id: number): Product {
  return { ...base, options: base.options.map((each) => ({ ...each, is_default: each.option_id === id })) };
}

void test("the same made by somebody else is no edit any more", () => {
  const base = product();
  const theirs = {
    ...base,
    revision: 2,
    options: base.options.map((each) => (each.option_id === WEEKS ? { ...each, every: 2 } : each)),
  };
  assert.equal(next(edited(base, { every: "2" }), { type: "read", products: [theirs] }).size, 0);
});

void test("what was typed while it was being saved is still unsaved", () => {
  const base = product();
  const sent = edited(base, { every: "2", every_period: 2 });
  const typed = edited(base, { every: "3" }, sent);
  const saved = {
    ...base,
    revision: 2,
    options: base.options.map((each) =>
      each.option_id === WEEKS ? { ...each, every: 2, every_period: 2 as const } : each,
    ),
  };
  assert.equal(next(sent, { type: "saved", products: [saved], sent }).size, 0);
  const left = next(typed, { type: "saved", products: [saved], sent }).get(77);
  assert.deepEqual([left?.draft.options[1]?.every, left?.base.revision, left?.moved], ["3", 2, false]);
});

void test("a product whose option went away is saved as it is shown, once somebody agrees", () => {
  const base = product({
    eligible: true,
    faults: [{ option_id: 999, message: "This product no longer has this option." }],
  });
  const agreed = next(new Map(), { type: "edited", product: base, draft: draftOf(base) });
  assert.deepEqual([...agreed.keys()], [77]);
  assert.equal(next(agreed, { type: "saved", products: [product({ revision: 2 })], sent: agreed }).size, 0);
  const other = product({ eligible: true, faults: [{ option_id: WEEKS, message: "Say how often." }] });
  assert.equal(next(new Map(), { type: "edited", product: other, draft: draftOf(other) }).size, 0);
});

void test("edits of a session before are put back", () => {
  const base = product();
  const kept = [...edited(base, { every: "2" }).values()].map(({ base: of, draft }) => ({ base: of, draft }));
  const unsaved = next(new Map(), { type: "restored", entries: kept });
  assert.equal(unsaved.get(77)?.draft.options[1]?.every, "2");
});

void test("many are edited at once, but those that cannot be offered", () => {
  const plain = product({ id: 78, modifier: null, options: [] });
  const both = [product(), plain];
  const offer = bulkEdits("offer", both, new Map());
  assert.deepEqual([offer.edits.map(({ draft }) => draft.eligible), offer.skipped], [[true], 1]);
  assert.deepEqual(bulkEdits("withdraw", both, new Map()), { edits: [], skipped: 0 }, "nothing to withdraw");
  const unsaved = edited(product(), { every: "5", every_period: 1 });
  const [fill] = bulkEdits("fill", both, unsaved).edits;
  assert.equal(fill?.draft.options[2]?.every, "1");
});

void test("a selection outlives its page, and one product can be left out of it", () => {
  const [one, two] = [product(), product({ id: 78 })];
  let selection = withProducts(NOTHING, [one, two], true);
  selection = withProducts(selection, [one], false);
  assert.deepEqual(selection.kind === "some" && [...selection.products.keys()], [78]);
  assert.deepEqual(withProducts({ kind: "matching" }, [one], true), withProducts(NOTHING, [one], true));
});

void test("products read as sentences", () => {
  assert.equal(frequencyText({ every: 2, every_period: 2 }), "every 2 weeks");
  assert.equal(frequencyText({ every: 1, every_period: 3 }), "every month");
  assert.equal(frequencyText({ every: 0, every_period: 3 }), "not set");
  const base = product({ eligible: true, type: "digital", is_visible: false, variants: 3 });
  assert.equal(factsOf(base), "TEA-1, id 77 · 3 variants · Digital · Hidden in the store");
  assert.equal(factsOf(product({ sku: "" })), "Id 77");
  assert.equal(
    planText(filled(draftOf(base), base), base),
    "Offered; One-time purchase: Single purchase (default), Every 2 weeks: every 2 weeks, Every month: every month, Tea club: not set",
  );
});

void test("how many there are is told, and which of them are shown", () => {
  const page = {
    products: [product(), product({ id: 78 })],
    total: 2431,
    page: 2,
    limit: 25,
    counts: { all: 3000, eligible: 12, attention: 2, no_options: 20 },
    sync: sync(),
  };
  const query = queryOf(new URLSearchParams("search=tea&page=2"));
  assert.equal(foundText(query, page), "2,431 products match, 26 to 27 shown");
  assert.equal(foundText({ ...query, search: "" }, { ...page, total: 2, page: 1 }), "2 products");
  assert.deepEqual([countOf(page, "eligible"), countOf(page, "not_eligible")], [12, 2988]);
});
