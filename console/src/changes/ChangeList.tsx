import { Badge, Flex, Panel, Small, Text } from "@bigcommerce/big-design";
import { useCallback } from "react";

import type { Change } from "../api/catalog.ts";
import { PageLink } from "../navigation/PageLink.tsx";
import { PagedList } from "../parts/PagedList.tsx";
import { usePaged } from "../parts/usePaged.ts";
import { useSession } from "../session/session.ts";
import { count, t } from "../texts/t.ts";
import { Plain } from "./changes.styles.ts";
import { badgeOf, byWhom, summaryOf, titleOf } from "./words.ts";

/** Every change of products, newest first. */
export function ChangeList() {
  const { api } = useSession();
  const load = useCallback(
    async (before: number | null, signal?: AbortSignal) => {
      const { changes, next } = await api.changes(before, signal);
      return { items: changes, next };
    },
    [api],
  );
  const paged = usePaged(load);
  return (
    <Panel header={t("changes.heading")} headerId="changes" description={t("changes.help")}>
      <PagedList
        paged={paged}
        loading={t("loading.changes")}
        status={(items) => (items.length === 0 ? t("changes.none") : count("changes.shown", items.length))}
        more={t("changes.older")}
      >
        {(items) => (
          <Plain aria-labelledby="changes">
            {items.map((change) => (
              <ChangeItem key={change.id} change={change} />
            ))}
          </Plain>
        )}
      </PagedList>
    </Panel>
  );
}

function ChangeItem({ change }: { readonly change: Change }) {
  const { id, state, changed } = change;
  return (
    <li id={`change-${id}`} data-state={state}>
      <Flex flexDirection="row" flexWrap="wrap" alignItems="center" flexGap="0.5rem">
        <PageLink to={`/changes/${id}`}>{titleOf(change)}</PageLink>
        <Badge {...badgeOf(change)} />
      </Flex>
      {changed > 0 && <Text marginBottom="none">{summaryOf(change)}</Text>}
      <Small marginBottom="none">{byWhom(change)}</Small>
    </li>
  );
}
