import { Form, Panel, Text } from "@bigcommerce/big-design";
import { useEffect, useRef } from "react";

import type { Product } from "../api/catalog.ts";
import { UnsavedGuard } from "../navigation/UnsavedGuard.tsx";
import { Failure } from "../parts/Failure.tsx";
import { PageHeading } from "../parts/PageHeading.tsx";
import { SaveBar } from "../parts/SaveBar.tsx";
import { Skeleton } from "../parts/Skeleton.tsx";
import { toast } from "../parts/toast.tsx";
import { useTicks } from "../parts/useTicks.ts";
import { SyncStrip } from "../sync/SyncStrip.tsx";
import { useSync } from "../sync/useSync.ts";
import { isReading } from "../sync/words.ts";
import { count, t } from "../texts/t.ts";
import { DraftOffer } from "./DraftOffer.tsx";
import { LIST, ProductList } from "./ProductList.tsx";
import { rowId } from "./ProductRow.tsx";
import { optionId } from "./OptionRow.tsx";
import { OutcomeMessage } from "./OutcomeMessage.tsx";
import type { Query } from "./query.ts";
import { Toolbar } from "./Toolbar.tsx";
import { useEdits, type Edits } from "./useEdits.ts";
import { usePage, type Listing } from "./usePage.ts";

/** While products are being read, the list is read anew so often. */
const REFRESH_MS = 10_000;

/** Which products shoppers can subscribe to, and how often they are delivered. */
export function Products() {
  const syncing = useSync();
  const listing = usePage();
  const edits = useEdits();
  const { page, refusal, query, show, again } = listing;
  const { unsaved, dispatch } = edits;
  useFreshness(syncing.sync ? isReading(syncing.sync) : undefined, again);
  useOutcome(edits, again);
  useEffect(() => {
    if (page) dispatch({ type: "read", products: page.products });
  }, [page, dispatch]);
  const save = (): void => void edits.save();
  return (
    <>
      <PageHeading text={t("page.products")} />
      <Text>{t("products.intro")}</Text>
      <SyncStrip {...syncing} />
      <DraftOffer unsaved={unsaved} dispatch={dispatch} />
      <OutcomeMessage
        outcome={edits.outcome}
        onAgain={save}
        onShow={(product) => {
          showProduct(product, show);
        }}
      />
      <Form
        noValidate
        fullWidth
        autoComplete="off"
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <Panel>
          <Toolbar query={query} page={page} onQuery={show} />
          {refusal && <Failure refusal={refusal} onAgain={again} />}
          {!page && !refusal && <Skeleton text={t("loading.products")} />}
          {page && <ProductList listing={listing} page={page} edits={edits} />}
        </Panel>
        <SaveBar
          unsaved={unsaved.size > 0 ? count("products.unsaved", unsaved.size) : ""}
          saving={edits.saving}
          onDiscard={edits.discard}
        />
      </Form>
      <UnsavedGuard
        isDirty={unsaved.size > 0}
        text={t("products.guard")}
        isKept={edits.isDraftKept}
        saving={edits.saving}
        onSave={edits.save}
      />
    </>
  );
}

/** Brings a product into sight: where it is in the list, else as the only one found. */
function showProduct({ id }: Product, show: Listing["show"]): void {
  const row = document.getElementById(rowId(id));
  if (row) {
    row.scrollIntoView({ block: "center" });
    row.focus({ preventScroll: true });
    return;
  }
  show({ search: String(id), show: "all", sort: "id", page: 1, limit: 25 } satisfies Query);
  document.getElementById(LIST)?.focus();
}

/** Reads the list anew while products are being read, and once they are. */
function useFreshness(isReadingNow: boolean | undefined, again: () => void): void {
  const before = useRef(isReadingNow);
  useTicks(isReadingNow === true, REFRESH_MS, () => {
    again();
    return Promise.resolve();
  });
  useEffect(() => {
    if (before.current === true && isReadingNow === false) again();
    before.current = isReadingNow;
  }, [isReadingNow, again]);
}

/** Says what came of saving, and leads to what needs somebody. */
function useOutcome({ outcome, tries, unsaved }: Edits, again: () => void): void {
  useEffect(() => {
    if (outcome.kind === "saved") toast(count("products.saved", outcome.saved));
    if (outcome.kind === "saved" || (outcome.kind === "stopped" && outcome.saved + outcome.moved.length > 0)) again();
    if (outcome.kind !== "stopped") return;
    const target = firstFaulty(unsaved) ?? document.getElementById("save-outcome");
    target?.scrollIntoView({ block: "center" });
    target?.focus({ preventScroll: true });
    // eslint-disable-next-line react-hooks/exhaustive-deps -- once for each try, not for what is typed after it
  }, [tries]);
}

/** The first field of this page with a fault. */
function firstFaulty(unsaved: Edits["unsaved"]): HTMLElement | undefined {
  for (const [id, { faults, moved }] of unsaved) {
    const [fault] = faults;
    if (!fault && !moved) continue;
    const field = fault?.option_id ? document.getElementById(`${optionId(id, fault.option_id)}-every`) : null;
    const target = field ?? document.getElementById(`${rowId(id)}-offer`);
    if (target) return target;
  }
  return undefined;
}
