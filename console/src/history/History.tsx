import { Panel, Small, Text } from "@bigcommerce/big-design";
import { useCallback } from "react";
import styled from "styled-components";

import { Breakable } from "../parts/Breakable.tsx";
import { PagedList } from "../parts/PagedList.tsx";
import { usePaged } from "../parts/usePaged.ts";
import { useSession } from "../session/session.ts";
import { count, t, time } from "../texts/t.ts";
import { whatOf, whoOf } from "./words.ts";

/** Who changed what; read anew whenever `seen` changes. */
export function History({ seen }: { readonly seen: string }) {
  const { api } = useSession();
  const load = useCallback(
    async (from: number | null, signal?: AbortSignal) => {
      const { entries, next } = await api.audit(from, signal);
      return { items: entries, next };
    },
    [api],
  );
  const paged = usePaged(load, seen);
  return (
    <Panel header={t("section.history")} headerId="history" description={t("section.history.help")}>
      <PagedList
        paged={paged}
        loading={t("loading.history")}
        status={(entries) => (entries.length === 0 ? t("history.empty") : count("history.shown", entries.length))}
        more={t("history.older")}
      >
        {(entries) => (
          <Entries aria-labelledby="history">
            {entries.map((entry) => (
              <li key={entry.id}>
                <Text marginBottom="none">
                  <Breakable text={whatOf(entry)} />
                </Text>
                <Small marginBottom="none">{t("history.by", { who: whoOf(entry), time: time(entry.at) })}</Small>
              </li>
            ))}
          </Entries>
        )}
      </PagedList>
    </Panel>
  );
}

/** A line for what was done, and one for who did it and when. */
const Entries = styled.ul`
  margin: 0;
  padding: 0;
  list-style: none;

  li {
    padding: ${({ theme }) => theme.spacing.small} 0;
    border-bottom: ${({ theme }) => theme.border.box};
    overflow-wrap: anywhere;
  }
`;
