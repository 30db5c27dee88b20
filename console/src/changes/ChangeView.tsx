import { Badge, Flex, Panel, Text } from "@bigcommerce/big-design";
import { useCallback, useEffect, useState } from "react";
import { useParams } from "react-router";

import type { Change } from "../api/catalog.ts";
import { Refusal } from "../api/refusal.ts";
import { PageLink } from "../navigation/PageLink.tsx";
import { Callout } from "../parts/Callout.tsx";
import { Facts } from "../parts/Facts.tsx";
import { Failure } from "../parts/Failure.tsx";
import { PageHeading } from "../parts/PageHeading.tsx";
import { Progress } from "../parts/Progress.tsx";
import { Skeleton } from "../parts/Skeleton.tsx";
import { useTicks } from "../parts/useTicks.ts";
import { useSession } from "../session/session.ts";
import { t } from "../texts/t.ts";
import { ChangeActions } from "./ChangeActions.tsx";
import { Difference } from "./Difference.tsx";
import { FaultReport } from "./FaultReport.tsx";
import { badgeOf, byWhom, factsOf, isUnderWay, progressOf, textOf, titleOf } from "./words.ts";

const POLL_MS = 1500;

/** One change of many products: how it stands, what is wrong with it, and what it changes. */
export function ChangeView() {
  const id = Number(useParams()["id"]);
  return <One key={id} id={id} />;
}

function One({ id }: { readonly id: number }) {
  const { change, refusal, read, take } = useChange(id);
  return (
    <>
      <Text marginBottom="xSmall">
        <PageLink to="/import-export">{t("changes.back")}</PageLink>
      </Text>
      <PageHeading text={change ? titleOf(change) : t("page.change")} />
      {refusal && <Failure refusal={refusal} onAgain={() => void read()} />}
      {!change && !refusal && (
        <Panel>
          <Skeleton text={t("loading.change")} rows={2} />
        </Panel>
      )}
      {change && (
        <Parts
          change={change}
          onChanged={(now) => {
            if (now) take(now);
            else void read();
          }}
        />
      )}
    </>
  );
}

/** The change as it is now: asked for again and again while it is under way. */
function useChange(id: number) {
  const { api } = useSession();
  const [change, setChange] = useState<Change>();
  const [refusal, setRefusal] = useState<Refusal>();
  const failed = (thrown: unknown): void => {
    setRefusal(Refusal.of(thrown));
  };
  const take = useCallback((now: Change): void => {
    setChange(now);
    setRefusal(undefined);
  }, []);
  useEffect(() => {
    const gone = new AbortController();
    api.change(id, gone.signal).then(take, (thrown: unknown) => {
      if (!gone.signal.aborted) failed(thrown);
    });
    return () => {
      gone.abort();
    };
  }, [api, id, take]);
  const read = (): Promise<void> => api.change(id).then(take, failed);
  useTicks(change !== undefined && isUnderWay(change), POLL_MS, read);
  return { change, refusal, read, take };
}

interface PartsProps {
  readonly change: Change;
  /** Something was done; to the change as it is now, if that is known. */
  readonly onChanged: (now: Change | undefined) => void;
}

function Parts({ change, onChanged }: PartsProps) {
  const { id, state, faults } = change;
  const [isAnew, setIsAnew] = useState(false);
  const isLookedAt = state === "ready" || state === "applied" || state === "undone";
  return (
    <>
      {isAnew && (state === "checking" || state === "ready") && (
        <Callout type="warning" header={t("change.again.heading")} messages={[{ text: t("change.again.text") }]} />
      )}
      <Panel>
        <Flex flexDirection="row" flexWrap="wrap" alignItems="center" flexGap="0.5rem" data-change={state}>
          <Badge {...badgeOf(change)} />
          <Text color="secondary60" marginBottom="none">
            {byWhom(change)}
          </Text>
        </Flex>
        <Text role="status" marginTop="small">
          {textOf(change)} {change.message}
        </Text>
        {isUnderWay(change) && (
          <>
            <Progress label={t(`change.state.${state}`)} done={change.done} total={change.total} />
            <Text marginTop="xSmall">{progressOf(change)}</Text>
          </>
        )}
        {(isLookedAt || state === "faulty") && <Facts facts={factsOf(change)} />}
        <ChangeActions
          change={change}
          onChanged={(now) => {
            setIsAnew(now?.state === "checking");
            onChanged(now);
          }}
        />
      </Panel>
      {faults > 0 && !isUnderWay(change) && <FaultReport key={`${id} ${faults}`} change={change} />}
      {isLookedAt && change.changed > 0 && <Difference change={change} />}
    </>
  );
}
