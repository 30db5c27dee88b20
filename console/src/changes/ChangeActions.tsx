import { Text } from "@bigcommerce/big-design";
import { useState } from "react";
import styled from "styled-components";

import type { Change } from "../api/catalog.ts";
import { Refusal } from "../api/refusal.ts";
import { BusyButton } from "../parts/BusyButton.tsx";
import { Dialog } from "../parts/Dialog.tsx";
import { Failure } from "../parts/Failure.tsx";
import { toast } from "../parts/toast.tsx";
import { useSession } from "../session/session.ts";
import { t } from "../texts/t.ts";
import { isUnderWay, summaryOf } from "./words.ts";

type Action = "apply" | "undo" | "drop";

const DONE = { apply: "change.applied.toast", undo: "change.undone.toast", drop: "change.dropped.toast" } as const;
const BUSY = { apply: "change.applying", undo: "change.undoing", drop: "change.dropping" } as const;

interface Props {
  readonly change: Change;
  /** Something was done; to the change as it is now, if that is known. */
  readonly onChanged: (now: Change | undefined) => void;
}

/** What can be done with a change, each asked about first. */
export function ChangeActions({ change, onChanged }: Props) {
  const { api } = useSession();
  const [asked, setAsked] = useState<Action>();
  const [busy, setBusy] = useState<Action>();
  const [refusal, setRefusal] = useState<Refusal>();
  const actions = actionsOf(change);

  const run = async (action: Action): Promise<void> => {
    setAsked(undefined);
    setBusy(action);
    setRefusal(undefined);
    try {
      const now = await calls[action]();
      onChanged(now);
      if (now?.state !== "checking") toast(t(DONE[action]));
    } catch (thrown) {
      setRefusal(Refusal.of(thrown));
      onChanged(undefined);
    }
    setBusy(undefined);
  };
  const calls: Record<Action, () => Promise<Change | undefined>> = {
    apply: () => api.applyChange(change.id),
    undo: () => api.undoChange(change.id),
    drop: async () => {
      await api.dropChange(change.id);
      return undefined;
    },
  };
  return (
    <>
      {refusal && <Failure refusal={refusal} heading={t("change.failed.heading")} />}
      {actions.length > 0 && (
        <Buttons>
          {actions.map((action) => (
            <BusyButton
              key={action}
              id={`${action}-change`}
              type="button"
              variant={action === "apply" ? "primary" : "secondary"}
              busy={busy === action ? t(BUSY[action]) : undefined}
              onClick={() => {
                setAsked(action);
              }}
            >
              {nameOf(action, change)}
            </BusyButton>
          ))}
        </Buttons>
      )}
      {asked && (
        <Dialog
          isOpen
          heading={t(`change.${asked}.heading`)}
          onClose={() => {
            setAsked(undefined);
          }}
          actions={[
            { text: t("change.stay"), variant: "subtle" },
            { text: nameOf(asked, change), onClick: () => void run(asked) },
          ]}
        >
          {wordsOf(asked, change).map((text) => (
            <Text key={text}>{text}</Text>
          ))}
        </Dialog>
      )}
    </>
  );
}

function actionsOf(change: Change): Action[] {
  const { state, changed, can_undo } = change;
  if (isUnderWay(change) || state === "faulty") return ["drop"];
  if (state === "ready") return changed > 0 ? ["apply", "drop"] : ["drop"];
  return state === "applied" && can_undo ? ["undo"] : [];
}

function nameOf(action: Action, change: Change): string {
  return action === "drop" && isUnderWay(change) ? t("change.cancel") : t(`change.${action}`);
}

function wordsOf(action: Action, change: Change): string[] {
  switch (action) {
    case "apply":
      return [summaryOf(change), ...(change.faults > 0 ? [t("change.apply.partly")] : []), t("change.apply.text")];
    case "undo":
      return [summaryOf(change), t("change.undo.text")];
    case "drop":
      return [t(change.kind === "import" ? "change.drop.text" : "change.drop.rule")];
  }
}

const Buttons = styled.div`
  display: flex;
  flex-wrap: wrap;
  gap: ${({ theme }) => theme.spacing.small};
  margin-top: ${({ theme }) => theme.spacing.large};

  .bd-button {
    margin: 0;
  }
`;
