import { Badge, Flex, Panel, Text } from "@bigcommerce/big-design";
import { useCallback, useState } from "react";
import { useParams } from "react-router";

import type { Change } from "../api/catalog.ts";
import { PageLink } from "../navigation/PageLink.tsx";
import { Callout } from "../parts/Callout.tsx";
import { Facts } from "../parts/Facts.tsx";
import { Failure } from "../parts/Failure.tsx";
import { PageHeading } from "../parts/PageHeading.tsx";
import { Progress } from "../parts/Progress.tsx";
import { Skeleton } from "../parts/Skeleton.tsx";
import { useLoaded } from "../parts/useLoaded.ts";
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
  const { api } = useSession();
  const [loaded, again] = useLoaded(useCallback((signal: AbortSignal) => api.change(id, signal), [api, id]));
  const change = loaded.state === "ready" ? loaded.value : undefined;
  useTicks(change !== undefined && isUnderWay(change), POLL_MS, () => {
    again();
    return Promise.resolve();
  });
  return (
    <>
      <Text marginBottom="xSmall">
        <PageLink to="/import-export">{t("changes.back")}</PageLink>
      </Text>
      <PageHeading text={change ? titleOf(change) : t("page.change")} />
      {loaded.state === "loading" && (
        <Panel>
          <Skeleton text={t("loading.change")} rows={2} />
        </Panel>
      )}
      {loaded.state === "failed" && <Failure refusal={loaded.refusal} onAgain={again} />}
      {change && <Parts key={change.id} change={change} onChanged={again} />}
    </>
  );
}

function Parts({ change, onChanged }: { readonly change: Change; readonly onChanged: () => void }) {
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
            onChanged();
          }}
        />
      </Panel>
      {faults > 0 && !isUnderWay(change) && <FaultReport key={`${id} ${faults}`} change={change} />}
      {isLookedAt && change.changed > 0 && <Difference change={change} />}
    </>
  );
}
