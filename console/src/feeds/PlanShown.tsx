import { Text } from "@bigcommerce/big-design";
import styled from "styled-components";

import type { Plan } from "../api/feeds.ts";
import { Refusal } from "../api/refusal.ts";
import { wordsOf } from "../parts/Failure.tsx";
import { Note } from "../parts/Note.tsx";
import { t } from "../texts/t.ts";
import { timeIn } from "./zones.ts";

interface Props {
  /** Nothing while the service is being asked. */
  readonly plan: Plan | Refusal | undefined;
  readonly zone: string;
}

/** What the chosen schedule means: in words, what may surprise, and the next runs. */
export function PlanShown({ plan, zone }: Props) {
  const isKnown = plan !== undefined && !(plan instanceof Refusal);
  return (
    <Shown data-test="plan" aria-busy={plan === undefined}>
      <div role="status">
        {plan === undefined && <Text marginBottom="none">{t("schedule.asking")}</Text>}
        {plan instanceof Refusal &&
          faultsOf(plan).map((fault) => (
            <Note key={fault} kind="error">
              {fault}
            </Note>
          ))}
        {isKnown && (
          <Text bold marginBottom="none">
            {plan.is_off ? t("schedule.off") : plan.words}
          </Text>
        )}
        {isKnown &&
          plan.warnings.map((warning) => (
            <Note key={warning} kind="warning">
              {warning}
            </Note>
          ))}
      </div>
      {isKnown && !plan.is_off && <Next next={plan.next} zone={zone} />}
    </Shown>
  );
}

function faultsOf(refusal: Refusal): readonly string[] {
  return refusal.errors.length > 0 ? refusal.errors.map(({ message }) => message) : [wordsOf(refusal)];
}

function Next({ next, zone }: { readonly next: readonly number[]; readonly zone: string }) {
  // The service may know a zone that the browser does not.
  const isKnown = timeIn(zone, 0) !== undefined;
  if (next.length === 0) return <Text marginBottom="none">{t("schedule.never")}</Text>;
  return (
    <Table>
      <caption>{t("schedule.next")}</caption>
      <thead>
        <tr>
          {isKnown && <th scope="col">{t("schedule.zone", { zone: zone.replaceAll("_", " ") })}</th>}
          <th scope="col">{t("schedule.utc")}</th>
        </tr>
      </thead>
      <tbody>
        {next.map((seconds) => (
          <tr key={seconds}>
            {isKnown && <td>{timeIn(zone, seconds)}</td>}
            <td>{timeIn("UTC", seconds)}</td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

const Shown = styled.div`
  display: grid;
  gap: ${({ theme }) => theme.spacing.small};
  margin-top: ${({ theme }) => theme.spacing.large};
  padding: ${({ theme }) => theme.spacing.medium};
  border-radius: ${({ theme }) => theme.borderRadius.normal};
  background: ${({ theme }) => theme.colors.secondary10};

  /* The page stays where it is while the service is being asked. */
  &[aria-busy="true"] {
    min-height: 13.5rem;
    align-content: start;
  }

  [data-note] {
    margin-top: ${({ theme }) => theme.spacing.xSmall};
  }
`;

const Table = styled.table`
  justify-self: start;
  border-collapse: collapse;
  color: ${({ theme }) => theme.colors.secondary70};
  font-size: ${({ theme }) => theme.typography.fontSize.small};
  line-height: ${({ theme }) => theme.lineHeight.small};
  font-variant-numeric: tabular-nums;

  caption {
    padding-bottom: ${({ theme }) => theme.spacing.xxSmall};
    font-weight: ${({ theme }) => theme.typography.fontWeight.semiBold};
    text-align: start;
  }

  th {
    color: ${({ theme }) => theme.colors.secondary60};
    font-weight: ${({ theme }) => theme.typography.fontWeight.regular};
    text-align: start;
  }

  th,
  td {
    padding: ${({ theme }) => `${theme.spacing.xxSmall} ${theme.spacing.medium} ${theme.spacing.xxSmall} 0`};
    vertical-align: top;
  }
`;
