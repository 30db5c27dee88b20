import { Small, Text } from "@bigcommerce/big-design";
import styled from "styled-components";

import { BusyButton } from "../parts/BusyButton.tsx";
import { Note } from "../parts/Note.tsx";
import { Progress } from "../parts/Progress.tsx";
import { wordsOf } from "../parts/Failure.tsx";
import { t } from "../texts/t.ts";
import type { Syncing } from "./useSync.ts";
import { headlineOf, isReading, progressOf, remarksOf } from "./words.ts";

/** What is known of the store's products, how far reading them is, and a way to begin and to stop. */
export function SyncStrip({ sync, refusal, busy, start, cancel }: Syncing) {
  return (
    <Strip aria-label={t("sync.heading")} data-sync={sync?.state} id="sync">
      {sync && (
        <>
          <div>
            <Text bold={isReading(sync)} marginBottom="none" role="status">
              {headlineOf(sync)}
            </Text>
            {isReading(sync) && (
              <Run>
                <Progress label={headlineOf(sync)} done={sync.done} total={sync.total} />
                <Small marginBottom="none" data-test="sync-progress">
                  {progressOf(sync)}
                </Small>
              </Run>
            )}
            {remarksOf(sync).map((remark) => (
              <Small key={remark} marginBottom="none">
                {remark}
              </Small>
            ))}
          </div>
          {isReading(sync) ? (
            <BusyButton
              id="sync-button"
              variant="secondary"
              busy={busy && t(`sync.${busy}`)}
              onClick={() => void cancel()}
            >
              {t("sync.cancel")}
            </BusyButton>
          ) : (
            <BusyButton
              id="sync-button"
              variant="secondary"
              busy={busy && t(`sync.${busy}`)}
              onClick={() => void start()}
            >
              {t(sync.state === "never" ? "sync.start" : "sync.again")}
            </BusyButton>
          )}
        </>
      )}
      <div role="alert">{refusal && <Note kind="error">{wordsOf(refusal)}</Note>}</div>
    </Strip>
  );
}

const Strip = styled.section`
  display: grid;
  gap: ${({ theme }) => theme.spacing.small};
  margin-bottom: ${({ theme }) => theme.spacing.large};
  padding: ${({ theme }) => theme.spacing.medium};
  border: ${({ theme }) => theme.border.box};
  border-radius: ${({ theme }) => theme.borderRadius.normal};
  background: ${({ theme }) => theme.colors.white};

  > [role="alert"] {
    grid-column: 1 / -1;
  }

  > [role="alert"]:empty {
    display: none;
  }

  .bd-button {
    margin: 0;
    justify-self: start;
  }

  ${({ theme }) => theme.breakpoints.tablet} {
    grid-template-columns: minmax(0, 1fr) auto;
    align-items: start;
  }
`;

const Run = styled.div`
  display: grid;
  gap: ${({ theme }) => theme.spacing.xxSmall};
  max-width: 36rem;
  margin: ${({ theme }) => `${theme.spacing.xSmall} 0`};
`;
