import { Badge, Flex, Panel, Small, Text } from "@bigcommerce/big-design";
import { useCallback } from "react";

import type { Differing, Run } from "../api/feeds.ts";
import { Plain } from "../changes/changes.styles.ts";
import { PageLink } from "../navigation/PageLink.tsx";
import { PagedList } from "../parts/PagedList.tsx";
import { usePaged } from "../parts/usePaged.ts";
import { useSession } from "../session/session.ts";
import { count, t } from "../texts/t.ts";
import { entryOf } from "./words.ts";

const VARIANTS = { added: "success", changed: "secondary", removed: "danger" } as const;

/** What differs from the last feed that was sent, product by product or category by category. */
export function RunDifference({ run }: { readonly run: Run }) {
  const { id } = run;
  const isOfProducts = run.feed === "products";
  const { api } = useSession();
  const load = useCallback(
    async (from: number | null, signal?: AbortSignal) => {
      const { rows, next } = await api.runDifference(id, from ?? 0, signal);
      return { items: rows, next };
    },
    [api, id],
  );
  const paged = usePaged(load);
  return (
    <Panel
      header={t("runDifference.heading")}
      headerId="run-difference"
      description={t(isOfProducts ? "runDifference.help" : "runDifference.categories.help")}
    >
      <PagedList
        paged={paged}
        loading={t("loading.runDifference")}
        status={(items) => count(isOfProducts ? "runDifference.shown" : "runDifference.categories", items.length)}
        more={t(isOfProducts ? "runDifference.more" : "runDifference.categories.more")}
      >
        {(items) => (
          <Plain aria-labelledby="run-difference">
            {items.map((row) => (
              <li key={row.product_id} data-kind={row.kind}>
                <Flex flexDirection="row" flexWrap="wrap" alignItems="center" flexGap="0.5rem">
                  <Text as="span" marginBottom="none">
                    <Named run={run} row={row} />
                  </Text>
                  <Badge label={t(`runDifference.${row.kind}`)} variant={VARIANTS[row.kind]} />
                </Flex>
                <Small marginBottom="none">{entryOf(run, row.product_id)}</Small>
              </li>
            ))}
          </Plain>
        )}
      </PagedList>
    </Panel>
  );
}

/** A product that the feed has leads to itself; one that was removed may be gone from the store. */
function Named({ run, row: { product_id, name, kind } }: { readonly run: Run; readonly row: Differing }) {
  const text = name || entryOf(run, product_id);
  if (kind === "removed" || run.feed !== "products") return text;
  return <PageLink to={`/products?search=${product_id}`}>{text}</PageLink>;
}
