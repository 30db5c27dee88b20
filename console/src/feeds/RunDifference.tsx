import { Badge, Flex, Panel, Small, Text } from "@bigcommerce/big-design";
import { useCallback } from "react";

import type { Run } from "../api/feeds.ts";
import { Plain } from "../changes/changes.styles.ts";
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
            {items.map(({ product_id, name, kind }) => (
              <li key={product_id} data-kind={kind}>
                <Flex flexDirection="row" flexWrap="wrap" alignItems="center" flexGap="0.5rem">
                  <Text as="span" marginBottom="none">
                    {name || entryOf(run, product_id)}
                  </Text>
                  <Badge label={t(`runDifference.${kind}`)} variant={VARIANTS[kind]} />
                </Flex>
                <Small marginBottom="none">{entryOf(run, product_id)}</Small>
              </li>
            ))}
          </Plain>
        )}
      </PagedList>
    </Panel>
  );
}
