import { Panel, Small, Text } from "@bigcommerce/big-design";
import { useCallback } from "react";

import type { Run } from "../api/feeds.ts";
import { Plain } from "../changes/changes.styles.ts";
import { PageLink } from "../navigation/PageLink.tsx";
import { PagedList } from "../parts/PagedList.tsx";
import { usePaged } from "../parts/usePaged.ts";
import { useSession } from "../session/session.ts";
import { count, number, t } from "../texts/t.ts";
import { entryOf } from "./words.ts";

/** What a feed lacks, with the reasons. */
export function LeftOutList({ run }: { readonly run: Run }) {
  const { id, left_out } = run;
  const { api } = useSession();
  const load = useCallback(
    async (from: number | null, signal?: AbortSignal) => {
      const { rows, next } = await api.leftOut(id, from ?? 0, signal);
      return { items: rows, next };
    },
    [api, id],
  );
  const paged = usePaged(load);
  return (
    <Panel header={t("leftOut.heading")} headerId="left-out" description={t("leftOut.help")}>
      <PagedList
        paged={paged}
        loading={t("loading.leftOut")}
        status={(items) => shownText(items.length, left_out, paged.hasMore)}
        more={t("leftOut.more")}
      >
        {(items) => (
          <Plain aria-labelledby="left-out">
            {items.map(({ product_id, variant_id, name, sku, reason }) => (
              <li key={`${product_id} ${variant_id ?? ""}`}>
                <Text marginBottom="none">
                  {run.feed === "products" ? (
                    <PageLink to={`/products?search=${product_id}`}>{name || entryOf(run, product_id)}</PageLink>
                  ) : (
                    name
                  )}
                </Text>
                <Text marginBottom="none">{reason}</Text>
                <Small marginBottom="none">
                  {sku === "" ? entryOf(run, product_id) : t("run.item.sku", { sku, id: product_id })}
                </Small>
              </li>
            ))}
          </Plain>
        )}
      </PagedList>
    </Panel>
  );
}

/** Of very many only the first are kept. */
function shownText(shown: number, all: number, hasMore: boolean): string {
  if (shown === 0) return t("leftOut.none");
  return !hasMore && shown < all
    ? t("leftOut.first", { count: number(shown), all: number(all) })
    : count("leftOut.shown", shown);
}
