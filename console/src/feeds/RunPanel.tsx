import { Panel, Small, Text } from "@bigcommerce/big-design";
import { useState } from "react";
import styled from "styled-components";

import type { Feeds, Run } from "../api/feeds.ts";
import { Refusal } from "../api/refusal.ts";
import { PageLink } from "../navigation/PageLink.tsx";
import { BusyButton } from "../parts/BusyButton.tsx";
import { CheckMark, Labelled } from "../parts/controls.ts";
import { Failure } from "../parts/Failure.tsx";
import { focusOn } from "../settings/SettingField.tsx";
import { useSession } from "../session/session.ts";
import { t, time } from "../texts/t.ts";
import { RUN, RunActions } from "./RunActions.tsx";
import { RunStages } from "./RunStages.tsx";
import { RunTitle, RunWords } from "./RunWords.tsx";
import { isUnderWay, summaryOf, textOf } from "./words.ts";
import { timeIn } from "./zones.ts";

interface Props {
  readonly feeds: Feeds;
  readonly read: () => Promise<void>;
}

/** The run under way or held; without one, how the last went, when the next is due, and a way to begin one now. */
export function RunPanel({ feeds, read }: Props) {
  const { run } = feeds;
  const last = feeds.runs.find(({ feed }) => feed === "products");
  const hasFailed = last?.state === "failed";
  return (
    <Panel header={t("now.heading")} headerId="now" description={t("now.help")}>
      <Standing id={RUN} tabIndex={-1} data-run={run?.state ?? "none"}>
        {run && <RunTitle run={run} />}
        <div role="status">{run ? <RunWords run={run} /> : <Last run={last} />}</div>
        {run && isUnderWay(run) && <RunStages run={run} />}
        {run ? (
          <RunActions run={run} isShort onChanged={read} />
        ) : (
          <>
            {hasFailed && (
              <Again>
                <RunActions run={last} isShort onChanged={read} />
              </Again>
            )}
            <Small>{nextText(feeds)}</Small>
            <Start isReady={feeds.destination.missing.length === 0} last={last} onStarted={read} />
          </>
        )}
      </Standing>
    </Panel>
  );
}

function nextText({ schedule: { next, time_zone } }: Feeds): string {
  const [first] = next;
  return first === undefined ? t("now.off") : t("now.next", { time: timeIn(time_zone, first) ?? time(first) });
}

function Last({ run }: { readonly run: Run | undefined }) {
  if (!run) return <Text marginBottom="xxSmall">{t("now.never")}</Text>;
  if (run.state === "failed") return <RunWords run={run} />;
  const summary = run.state === "delivered" ? summaryOf(run) : "";
  return (
    <Text marginBottom="xxSmall">
      {summary === "" ? textOf(run) : t("now.last", { text: textOf(run), summary })} {run.message}
    </Text>
  );
}

interface StartProps {
  /** There is somewhere to send it. */
  readonly isReady: boolean;
  /** One that failed is offered again, and so is not the first thing to do. */
  readonly last: Run | undefined;
  readonly onStarted: () => Promise<void>;
}

function Start({ isReady, last, onStarted }: StartProps) {
  const { api } = useSession();
  const hasFailed = last?.state === "failed";
  const [sendUnchanged, setSendUnchanged] = useState(false);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();
  const start = async (): Promise<void> => {
    setBusy(true);
    setRefusal(undefined);
    try {
      await api.startRun(sendUnchanged);
    } catch (thrown) {
      setRefusal(Refusal.of(thrown));
    }
    await onStarted();
    setBusy(false);
    // The button is gone if it began.
    focusOn(RUN);
  };
  return (
    <>
      {refusal && <Failure refusal={refusal} heading={t("now.refused")} />}
      <Line>
        <BusyButton
          id="run-now"
          type="button"
          variant={hasFailed ? "secondary" : "primary"}
          busy={busy ? t("now.starting") : undefined}
          disabled={!isReady}
          {...(isReady ? {} : { "aria-describedby": "run-missing" })}
          onClick={() => void start()}
        >
          {t("now.start")}
        </BusyButton>
        {isReady ? (
          <Labelled>
            <CheckMark
              id="send-unchanged"
              checked={sendUnchanged}
              onChange={(event) => {
                setSendUnchanged(event.target.checked);
              }}
            />
            {t("now.unchanged")}
          </Labelled>
        ) : (
          <Small id="run-missing" marginBottom="none">
            {t("now.missing")}
          </Small>
        )}
        {last && !hasFailed && <PageLink to={`/feeds/runs/${last.id}`}>{t("now.open.last")}</PageLink>}
      </Line>
    </>
  );
}

const Standing = styled.div`
  outline: none;
`;

const Again = styled.div`
  margin: ${({ theme }) => `${theme.spacing.small} 0 ${theme.spacing.large}`};
`;

const Line = styled.div`
  display: flex;
  flex-wrap: wrap;
  gap: ${({ theme }) => `${theme.spacing.small} ${theme.spacing.large}`};
  align-items: center;

  .bd-button {
    margin: 0;
  }

  /* BigDesign writes on a button that is off in nearly white. */
  .bd-button[disabled] {
    color: ${({ theme }) => theme.colors.secondary60};
  }
`;
