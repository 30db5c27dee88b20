import { Panel, Text } from "@bigcommerce/big-design";
import { useCallback, useEffect, useState } from "react";
import { useNavigate, useParams } from "react-router";
import styled from "styled-components";

import type { Run } from "../api/feeds.ts";
import { Refusal } from "../api/refusal.ts";
import { PageLink } from "../navigation/PageLink.tsx";
import { Facts } from "../parts/Facts.tsx";
import { Failure } from "../parts/Failure.tsx";
import { PageHeading } from "../parts/PageHeading.tsx";
import { Skeleton } from "../parts/Skeleton.tsx";
import { useTicks } from "../parts/useTicks.ts";
import { useSession } from "../session/session.ts";
import { t } from "../texts/t.ts";
import { Checksum } from "./Checksum.tsx";
import { LeftOutList } from "./LeftOutList.tsx";
import { RUN, RunActions } from "./RunActions.tsx";
import { RunDifference } from "./RunDifference.tsx";
import { RunStages } from "./RunStages.tsx";
import { RunTitle, RunWords } from "./RunWords.tsx";
import { factsOf, isUnderWay, pollAfter, titleOf } from "./words.ts";

/** One run of a feed: how it went, what it left out, and what differs from the one before. */
export function RunView() {
  const id = Number(useParams()["id"]);
  return <One key={id} id={id} />;
}

function One({ id }: { readonly id: number }) {
  const { run, refusal, read, take } = useRun(id);
  const navigate = useNavigate();
  return (
    <>
      <Text marginBottom="xSmall">
        <PageLink to="/feeds">{t("run.back")}</PageLink>
      </Text>
      <PageHeading // A heading is too large for a time on one line.
        text={run ? titleOf(run).replaceAll("\u00a0", " ") : t("page.run")}
      />
      {refusal && <Failure refusal={refusal} onAgain={() => void read()} />}
      {!run && !refusal && (
        <Panel>
          <Skeleton text={t("loading.run")} rows={2} />
        </Panel>
      )}
      {run && (
        <Parts
          run={run}
          onChanged={async (now) => {
            if (now?.id === id) take(now);
            else if (now) await navigate(`/feeds/runs/${now.id}`);
            else await read();
          }}
        />
      )}
    </>
  );
}

/** The run as it is now: asked for again and again while it is under way. */
function useRun(id: number) {
  const { api } = useSession();
  const [known, setKnown] = useState<{ readonly run: Run; readonly after: number | undefined }>();
  const [refusal, setRefusal] = useState<Refusal>();
  const failed = (thrown: unknown): void => {
    setRefusal(Refusal.of(thrown));
  };
  const take = useCallback((now: Run): void => {
    setKnown({ run: now, after: pollAfter(now, Date.now() / 1000) });
    setRefusal(undefined);
  }, []);
  useEffect(() => {
    const gone = new AbortController();
    api.run(id, gone.signal).then(take, (thrown: unknown) => {
      if (!gone.signal.aborted) failed(thrown);
    });
    return () => {
      gone.abort();
    };
  }, [api, id, take]);
  const read = (): Promise<void> => api.run(id).then(take, failed);
  useTicks(known?.after !== undefined && refusal?.reason !== "session_ended", known?.after ?? 0, read);
  return { run: known?.run, refusal, read, take };
}

interface PartsProps {
  readonly run: Run;
  readonly onChanged: (now: Run | undefined) => Promise<void>;
}

function Parts({ run, onChanged }: PartsProps) {
  const isBuilt = run.bytes > 0 && !isUnderWay(run);
  return (
    <>
      <Panel>
        <Standing id={RUN} tabIndex={-1} data-run={run.state}>
          <RunTitle run={run} isAlone />
          <div role="status">
            <RunWords run={run} />
          </div>
          {isUnderWay(run) && <RunStages run={run} />}
        </Standing>
        <Spaced>
          <Facts facts={factsOf(run)} />
          {run.sha256 !== "" && (
            <Text marginBottom="none">
              <Name>{t("run.sha")}</Name>
              <Checksum sha256={run.sha256} about={titleOf(run)} isWhole />
            </Text>
          )}
          {run.notes.length > 0 && (
            <Notes aria-label={t("run.notes")}>
              {run.notes.map((note) => (
                <li key={note}>{note}</li>
              ))}
            </Notes>
          )}
          <RunActions run={run} onChanged={onChanged} />
        </Spaced>
      </Panel>
      {isBuilt && run.left_out > 0 && <LeftOutList run={run} />}
      {isBuilt && run.added + run.changed + run.removed > 0 && <RunDifference run={run} />}
    </>
  );
}

const Standing = styled.div`
  outline: none;
`;

const Spaced = styled.div`
  display: grid;
  gap: ${({ theme }) => theme.spacing.large};
  margin-top: ${({ theme }) => theme.spacing.medium};
`;

const Name = styled.span`
  display: block;
  color: ${({ theme }) => theme.colors.secondary60};
  font-size: ${({ theme }) => theme.typography.fontSize.small};
`;

const Notes = styled.ul`
  margin: 0;
  padding-inline-start: ${({ theme }) => theme.spacing.large};
  color: ${({ theme }) => theme.colors.secondary70};
`;
