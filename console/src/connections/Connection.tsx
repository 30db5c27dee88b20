import { Box } from "@bigcommerce/big-design";
import { CheckCircleIcon, ErrorIcon } from "@bigcommerce/big-design-icons";
import { useState } from "react";
import styled from "styled-components";

import { Refusal } from "../api/refusal.ts";
import type { Check, Party, Saved, TestResult } from "../api/types.ts";
import { BusyButton } from "../parts/BusyButton.tsx";
import { Callout } from "../parts/Callout.tsx";
import { Failure } from "../parts/Failure.tsx";
import { Row } from "../parts/Row.tsx";
import { useSession } from "../session/session.ts";
import { t } from "../texts/t.ts";
import { ConfirmKey } from "./ConfirmKey.tsx";
import { keyToConfirm, standingOf, stepText } from "./words.ts";

interface Props {
  readonly party: Party;
  /** What was found when it was last tested; unknown until somebody asks. */
  readonly check?: Check | undefined;
  /** The id of what says why it cannot be tested now. */
  readonly hindrance?: string | undefined;
  /** The fingerprint that is confirmed, where it is known. */
  readonly pinned?: string | undefined;
  readonly onTested: () => void;
  /** A fingerprint was confirmed, and so the settings changed. */
  readonly onSaved?: ((saved: Saved) => void) | undefined;
}

type Test =
  | { readonly state: "none" | "running" }
  | { readonly state: "done"; readonly result: TestResult }
  | { readonly state: "failed"; readonly refusal: Refusal };

/** One connection with its last result, and a button that tests it. */
export function Connection({ party, check, hindrance, pinned, onTested, onSaved }: Props) {
  const { api } = useSession();
  const [test, setTest] = useState<Test>({ state: "none" });
  const run = async (): Promise<void> => {
    setTest({ state: "running" });
    try {
      setTest({ state: "done", result: await api.testConnection(party) });
      onTested();
    } catch (thrown) {
      setTest({ state: "failed", refusal: Refusal.of(thrown) });
    }
  };
  const result = test.state === "done" ? test.result : undefined;
  const standing = standingOf(party, check, result);
  const fingerprint = keyToConfirm(result);
  return (
    <Row
      id={`connection-${party}`}
      title={t(`party.${party}`)}
      {...standing}
      action={
        <BusyButton
          variant="secondary"
          busy={test.state === "running" ? t("test.running") : undefined}
          disabled={hindrance !== undefined}
          {...(hindrance ? { "aria-describedby": hindrance } : {})}
          onClick={() => void run()}
        >
          {t(`test.button.${party}`)}
        </BusyButton>
      }
    >
      <div role="status" data-test={`result-${party}`}>
        {result && <Steps party={party} result={result} />}
      </div>
      {fingerprint && (
        <Asked>
          {pinned && (
            <Callout type="error" header={t("key.changed.heading")} messages={[{ text: t("key.changed.text") }]} />
          )}
          <ConfirmKey
            fingerprint={fingerprint}
            onConfirmed={(saved) => {
              onSaved?.(saved);
              void run();
            }}
          />
        </Asked>
      )}
      {test.state === "failed" && (
        <Box marginTop="small">
          <Failure refusal={test.refusal} />
        </Box>
      )}
    </Row>
  );
}

function Steps({ party, result }: { readonly party: Party; readonly result: TestResult }) {
  return (
    <StepList>
      {result.steps.map((step) => (
        <li key={step.name}>
          {step.ok ? <CheckCircleIcon color="success50" /> : <ErrorIcon color="danger" />}
          <span>{stepText(party, step)}</span>
        </li>
      ))}
    </StepList>
  );
}

const Asked = styled.div`
  margin-top: ${({ theme }) => theme.spacing.small};
`;

const StepList = styled.ul`
  margin: ${({ theme }) => theme.spacing.small} 0 0;
  padding: 0;
  color: ${({ theme }) => theme.colors.secondary70};
  list-style: none;

  li {
    display: flex;
    gap: ${({ theme }) => theme.spacing.xSmall};
    align-items: flex-start;
  }

  li + li {
    margin-top: ${({ theme }) => theme.spacing.xSmall};
  }

  svg {
    flex: none;
  }

  span {
    min-width: 0;
    overflow-wrap: anywhere;
  }
`;
