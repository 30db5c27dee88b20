import { Badge, Flex, Panel, Small, Text } from "@bigcommerce/big-design";
import { useCallback } from "react";

import type { Differing } from "../api/feeds.ts";
import { Plain } from "../changes/changes.styles.ts";
import { PageLink } from "../navigation/PageLink.tsx";
import { PagedList } from "../parts/PagedList.tsx";
import { usePaged } from "../parts/usePaged.ts";
import { useSession } from "../session/session.ts";
import { count, t } from "../texts/t.ts";

const VARIANTS = { added: "success", changed: "secondary", removed: "danger" } as const;

/** What differs from the last feed that was sent, product by product. */
export function RunDifference({ id }: { readonly id: number }) {
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
    <Panel header={t("runDifference.heading")} headerId="run-difference" description={t("runDifference.help")}>
      <PagedList
        paged={paged}
        loading={t("loading.runDifference")}
        status={(items) => count("runDifference.shown", items.length)}
        more={t("runDifference.more")}
      >
        {(items) => (
          <Plain aria-labelledby="run-difference">
            {items.map((row) => (
              <li key={row.product_id} data-kind={row.kind}>
                <Flex flexDirection="row" flexWrap="wrap" alignItems="center" flexGap="0.5rem">
                  <Text as="span" marginBottom="none">
                    <Named row={row} />
                  </Text>
                  <Badge label={t(`runDifference.${row.kind}`)} variant={VARIANTS[row.kind]} />
                </Flex>
                <Small marginBottom="none">{t("run.item", { id: row.product_id })}</Small>
              </li>
            ))}
          </Plain>
        )}
      </PagedList>
    </Panel>
  );
}

/** A product that the feed has leads to itself; one that was removed may be gone from the store. */
function Named({ row: { product_id, name, kind } }: { readonly row: Differing }) {
  const text = name || t("run.item", { id: product_id });
  return kind === "removed" ? text : <PageLink to={`/products?search=${product_id}`}>{text}</PageLink>;
}
