import { Text } from "@bigcommerce/big-design";
import { CheckCircleIcon } from "@bigcommerce/big-design-icons";
import styled from "styled-components";

import type { Run } from "../api/feeds.ts";
import { Progress } from "../parts/Progress.tsx";
import { Unseen } from "../parts/Unseen.ts";
import { t } from "../texts/t.ts";
import { progressOf, STAGES, stageOf } from "./words.ts";

/** What a run has done, what it does now and how far that is, and what is still to come. */
export function RunStages({ run }: { readonly run: Run }) {
  const stage = stageOf(run.state);
  const now = stage === undefined ? -1 : STAGES.indexOf(stage);
  const said = progressOf(run);
  return (
    <Going>
      <List aria-label={t("run.stages")}>
        {STAGES.map((each, index) => (
          <li key={each} {...(index === now ? { "aria-current": "step" as const } : {})}>
            {index < now ? <CheckCircleIcon color="success50" size="medium" /> : <Dot aria-hidden="true" />}
            {t(`run.stage.${each}`)}
            {index < now && <Unseen>, {t("run.stage.done")}</Unseen>}
          </li>
        ))}
      </List>
      {stage && <Progress label={t(`run.stage.${stage}`)} done={run.stage_done} total={run.stage_total} />}
      {/* The room is there before there is anything to say. */}
      <Text marginBottom="none" data-test="run-progress">
        {said || "\u00a0"}
      </Text>
    </Going>
  );
}

const Going = styled.div`
  display: grid;
  gap: ${({ theme }) => theme.spacing.xSmall};
  max-width: 40rem;
  margin: ${({ theme }) => `${theme.spacing.small} 0 ${theme.spacing.medium}`};
`;

const Dot = styled.span`
  box-sizing: border-box;
  width: 1.125rem;
  height: 1.125rem;
  border: 2px solid ${({ theme }) => theme.colors.secondary40};
  border-radius: ${({ theme }) => theme.borderRadius.circle};
`;

const List = styled.ol`
  display: flex;
  flex-wrap: wrap;
  gap: ${({ theme }) => `${theme.spacing.xSmall} ${theme.spacing.large}`};
  margin: 0;
  padding: 0;
  list-style: none;
  color: ${({ theme }) => theme.colors.secondary60};

  li {
    display: flex;
    gap: ${({ theme }) => theme.spacing.xxSmall};
    align-items: center;
  }

  [aria-current] {
    color: ${({ theme }) => theme.colors.secondary70};
    font-weight: ${({ theme }) => theme.typography.fontWeight.semiBold};
  }

  [aria-current] ${Dot} {
    border: 5px solid ${({ theme }) => theme.colors.primary};
  }
`;
