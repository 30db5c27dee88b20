import { Button, Small, Text } from "@bigcommerce/big-design";
import { useCallback, useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";
import styled from "styled-components";

import type { Product, ProductPage, RuleKind } from "../api/catalog.ts";
import { Refusal } from "../api/refusal.ts";
import { Failure } from "../parts/Failure.tsx";
import { useSession } from "../session/session.ts";
import { count, t } from "../texts/t.ts";
import { BulkBar } from "./BulkBar.tsx";
import { Paging } from "./Paging.tsx";
import { ProductRow } from "./ProductRow.tsx";
import { selecting, type Query } from "./query.ts";
import { bulkEdits, NOTHING, withProducts, type Bulk, type Selection } from "./selection.ts";
import type { Edits } from "./useEdits.ts";
import type { Listing } from "./usePage.ts";
import { foundText } from "./words.ts";

/** Focus goes here when another page of the list is opened. */
export const LIST = "product-list";

interface Props {
  readonly listing: Listing;
  readonly page: ProductPage;
  readonly edits: Edits;
}

/** One page of products, and what can be done to many at once. */
export function ProductList({ listing: { query, show, isCurrent, again }, page, edits }: Props) {
  const { unsaved, dispatch, newest } = edits;
  const products = page.products.map(newest);
  const bulk = useBulk(query, products, edits);
  const { onSelect, selection } = bulk;
  const latest = useRef(onSelect);
  useEffect(() => {
    latest.current = onSelect;
  });
  // Always the same function, so that an edit draws one row anew and not all.
  const select = useCallback((product: Product, isSelected: boolean) => {
    latest.current((before) => withProducts(before, [product], isSelected));
  }, []);
  const turn = (wanted: Query): void => {
    show(wanted);
    const list = document.getElementById(LIST);
    list?.scrollIntoView({ block: "start" });
    list?.focus({ preventScroll: true });
  };
  return (
    <>
      <Found id={LIST} tabIndex={-1}>
        <Small as="span" role="status" marginBottom="none" data-test="found">
          {isCurrent ? foundText(query, page) : t("loading.products")}
        </Small>
      </Found>
      {products.length > 0 && (
        <BulkBar
          products={products}
          total={page.total}
          isEverything={query.search === "" && query.show === "all"}
          selection={selection}
          result={bulk.result}
          hindrance={unsaved.size > 0 && selection.kind === "matching" ? t("bulk.unsaved") : undefined}
          busy={bulk.busy}
          onSelect={bulk.onSelect}
          onAct={(kind) => void bulk.act(kind)}
        />
      )}
      {bulk.refusal && <Failure refusal={bulk.refusal} heading={t("bulk.failed")} />}
      {products.length === 0 && isCurrent && <Nothing query={query} page={page} onQuery={turn} />}
      <List aria-label={t("products.list")} aria-busy={!isCurrent} $isOld={!isCurrent}>
        {products.map((product) => (
          <ProductRow
            key={product.id}
            product={product}
            entry={unsaved.get(product.id)}
            isSelected={selection.kind === "matching" || selection.products.has(product.id)}
            onSelect={select}
            dispatch={dispatch}
            onChanged={again}
          />
        ))}
      </List>
      <Paging query={query} page={page} onPage={turn} />
    </>
  );
}

/** What is selected, and what came of changing it at once. */
function useBulk({ search, show }: Query, products: readonly Product[], { unsaved, dispatch }: Edits) {
  const { api } = useSession();
  const navigate = useNavigate();
  const matched = `${show} ${search}`;
  const [chosen, setChosen] = useState<{ selection: Selection; matched: string }>({ selection: NOTHING, matched });
  const [result, setResult] = useState("");
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();
  // "All that match" means those that matched when it was chosen.
  const selection = chosen.selection.kind === "matching" && chosen.matched !== matched ? NOTHING : chosen.selection;

  const onSelect = (wanted: Selection | ((before: Selection) => Selection)): void => {
    setResult("");
    setRefusal(undefined);
    const isAll = selection.kind === "matching";
    const before = isAll ? withProducts(NOTHING, products, true) : selection;
    setChosen({ selection: typeof wanted === "function" ? wanted(before) : wanted, matched });
  };

  const act = async (kind: RuleKind): Promise<void> => {
    setRefusal(undefined);
    if (selection.kind === "some") {
      const listed = new Map(products.map((product) => [product.id, product]));
      const selected = [...selection.products.values()].map((product) => listed.get(product.id) ?? product);
      const bulk = bulkEdits(kind, selected, unsaved);
      for (const edit of bulk.edits) dispatch({ type: "edited", ...edit });
      setResult(resultText(kind, bulk));
      return;
    }
    setBusy(true);
    try {
      const { id } = await api.startChange({ kind, show, search });
      await navigate(`/changes/${id}`);
    } catch (thrown) {
      setRefusal(Refusal.of(thrown));
    }
    setBusy(false);
  };
  return { selection, result, busy, refusal, onSelect, act };
}

function resultText(kind: RuleKind, { edits, skipped }: Bulk): string {
  const parts = [edits.length > 0 ? count(`bulk.done.${kind}`, edits.length) : t("bulk.done.nothing")];
  if (skipped > 0) parts.push(count("bulk.skipped", skipped));
  return parts.join(" ");
}

interface NothingProps {
  readonly query: Query;
  readonly page: ProductPage;
  readonly onQuery: (query: Query) => void;
}

/** Why the list is empty. */
function Nothing({ query, page, onQuery }: NothingProps) {
  const why = page.counts.all === 0 ? "empty" : page.total === 0 ? "nothing" : "beyond";
  return (
    <Empty>
      <Text bold marginBottom="xxSmall">
        {t(`products.${why}.heading`)}
      </Text>
      <Text>{t(`products.${why}.text`)}</Text>
      {why !== "empty" && (
        <Button
          type="button"
          variant="secondary"
          mobileWidth="auto"
          onClick={() => {
            onQuery(why === "beyond" ? selecting(query, {}) : selecting(query, { search: "", show: "all" }));
          }}
        >
          {t(why === "beyond" ? "products.beyond.link" : "products.nothing.reset")}
        </Button>
      )}
    </Empty>
  );
}

const Found = styled.div`
  margin-top: ${({ theme }) => theme.spacing.medium};
  outline: none;
`;

const List = styled.ul<{ readonly $isOld: boolean }>`
  margin: 0;
  padding: 0;
  list-style: none;
  transition: opacity 150ms;
  opacity: ${({ $isOld }) => ($isOld ? 0.6 : 1)};
`;

const Empty = styled.div`
  padding: ${({ theme }) => `${theme.spacing.xxLarge} 0`};
  text-align: center;
`;
