import { Panel, Small, Text } from "@bigcommerce/big-design";
import { useCallback, useEffect, useReducer, useState } from "react";
import styled from "styled-components";

import { Refusal } from "../api/refusal.ts";
import type { Entry } from "../api/types.ts";
import { Breakable } from "../parts/Breakable.tsx";
import { BusyButton } from "../parts/BusyButton.tsx";
import { Failure } from "../parts/Failure.tsx";
import { useSession } from "../session/session.ts";
import { count, t, time } from "../texts/t.ts";
import { whatOf, whoOf } from "./words.ts";

interface Shown {
  readonly entries: readonly Entry[];
  /** Where the next page begins; null after the last. */
  readonly next: number | null;
}

/** Who changed what; read anew whenever `seen` changes. */
export function History({ seen }: { readonly seen: string }) {
  const { api } = useSession();
  const [shown, setShown] = useState<Shown>();
  const [refusal, setRefusal] = useState<Refusal>();
  const [loading, setLoading] = useState(true);
  const [tries, again] = useReducer((before: number) => before + 1, 0);

  useEffect(() => {
    const gone = new AbortController();
    api.audit(null, gone.signal).then(
      (page) => {
        setShown(page);
        setRefusal(undefined);
        setLoading(false);
      },
      (thrown: unknown) => {
        if (gone.signal.aborted) return;
        setRefusal(Refusal.of(thrown));
        setLoading(false);
      },
    );
    return () => {
      gone.abort();
    };
  }, [api, seen, tries]);

  const older = useCallback(async () => {
    if (!shown) return;
    setLoading(true);
    try {
      const page = await api.audit(shown.next);
      setShown({ entries: [...shown.entries, ...page.entries], next: page.next });
      setRefusal(undefined);
    } catch (thrown) {
      setRefusal(Refusal.of(thrown));
    }
    setLoading(false);
  }, [api, shown]);

  return (
    <Panel header={t("section.history")} headerId="history" description={t("section.history.help")}>
      {shown && shown.entries.length > 0 && (
        <Entries aria-labelledby="history">
          {shown.entries.map((entry) => (
            <li key={entry.id}>
              <Text marginBottom="none">
                <Breakable text={whatOf(entry)} />
              </Text>
              <Small marginBottom="none">{t("history.by", { who: whoOf(entry), time: time(entry.at) })}</Small>
            </li>
          ))}
        </Entries>
      )}
      <Small role="status" marginTop="medium">
        {statusText(shown, loading)}
      </Small>
      {refusal && <Failure refusal={refusal} onAgain={shown ? () => void older() : again} />}
      {shown?.next != null && (
        <BusyButton variant="secondary" busy={loading ? t("loading.history") : undefined} onClick={() => void older()}>
          {t("history.older")}
        </BusyButton>
      )}
    </Panel>
  );
}

function statusText(shown: Shown | undefined, loading: boolean): string {
  if (!shown) return loading ? t("loading.history") : "";
  return shown.entries.length === 0 ? t("history.empty") : count("history.shown", shown.entries.length);
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
