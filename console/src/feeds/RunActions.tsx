import { Text } from "@bigcommerce/big-design";
import { useState } from "react";
import styled from "styled-components";

import type { Run } from "../api/feeds.ts";
import { Refusal } from "../api/refusal.ts";
import { PageLink } from "../navigation/PageLink.tsx";
import { BusyButton } from "../parts/BusyButton.tsx";
import { Dialog } from "../parts/Dialog.tsx";
import { Failure } from "../parts/Failure.tsx";
import { saveFile } from "../parts/saveFile.ts";
import { toast } from "../parts/toast.tsx";
import { focusOn } from "../settings/SettingField.tsx";
import { useSession } from "../session/session.ts";
import { t } from "../texts/t.ts";
import { actionsOf, shrinkOf, type Action } from "./words.ts";

/** Where a run is shown. Focus goes there when the button that was clicked is gone. */
export const RUN = "run";

interface Props {
  readonly run: Run;
  /** Beside others: what is left out here is on the page of the run. */
  readonly isShort?: boolean;
  readonly onChanged: (now: Run | undefined) => Promise<void>;
}

/** What can be done with a run. What cannot be taken back is asked about first. */
export function RunActions({ run, isShort = false, onChanged }: Props) {
  const { api } = useSession();
  const [asked, setAsked] = useState<"confirm" | "discard">();
  const [busy, setBusy] = useState<Action | "download">();
  const [refusal, setRefusal] = useState<Refusal>();

  const attempt = async (what: Action | "download", work: () => Promise<void>): Promise<void> => {
    setAsked(undefined);
    setBusy(what);
    setRefusal(undefined);
    try {
      await work();
    } catch (thrown) {
      setRefusal(Refusal.of(thrown));
      if (what !== "download") await onChanged(undefined);
    }
    setBusy(undefined);
  };
  const act = (action: Action): Promise<void> =>
    attempt(action, async () => {
      const now = await call(action);
      toast(t(`run.${action}.toast`));
      await onChanged(now);
      focusOn(RUN);
    });
  const call = async (action: Action): Promise<Run | undefined> => {
    if (action === "confirm") return api.confirmRun(run.id);
    if (action === "retry") return api.retryRun(run.id);
    await api.dropRun(run.id);
    return undefined;
  };
  const download = (): Promise<void> =>
    attempt("download", async () => {
      const { name, file } = await api.runFile(run.id);
      saveFile(name, file);
      toast(t("run.downloaded", { name }));
    });

  return (
    <>
      {refusal && <Failure refusal={refusal} heading={t("run.failed.heading")} />}
      <Buttons>
        {actionsOf(run).map((action) => (
          <BusyButton
            key={action}
            id={`${action}-run`}
            type="button"
            variant={action === "confirm" || action === "retry" ? "primary" : "secondary"}
            busy={busy === action ? t(`run.${action}.busy`) : undefined}
            onClick={() => {
              if (action === "confirm" || action === "discard") setAsked(action);
              else void act(action);
            }}
          >
            {t(`run.${action}`)}
          </BusyButton>
        ))}
        {!isShort && run.has_file && (
          <BusyButton
            id="download-run"
            type="button"
            variant="secondary"
            busy={busy === "download" ? t("run.downloading") : undefined}
            onClick={() => void download()}
          >
            {t("run.download")}
          </BusyButton>
        )}
        {isShort && <PageLink to={`/feeds/runs/${run.id}`}>{t("now.open")}</PageLink>}
      </Buttons>
      {asked && (
        <Dialog
          isOpen
          heading={t(`run.${asked}.heading`)}
          onClose={() => {
            setAsked(undefined);
          }}
          actions={[
            { text: t("run.stay"), variant: "subtle" },
            {
              text: t(`run.${asked}`),
              ...(asked === "discard" ? { actionType: "destructive" as const } : {}),
              onClick: () => void act(asked),
            },
          ]}
        >
          {asked === "confirm" && <Text>{shrinkOf(run)}</Text>}
          <Text>{t(`run.${asked}.text`)}</Text>
        </Dialog>
      )}
    </>
  );
}

const Buttons = styled.div`
  display: flex;
  flex-wrap: wrap;
  gap: ${({ theme }) => `${theme.spacing.small} ${theme.spacing.medium}`};
  align-items: center;

  .bd-button {
    margin: 0;
  }
`;
