import styled from "styled-components";

import type { Check } from "../api/types.ts";
import { PageLink } from "../navigation/PageLink.tsx";
import { LineButton } from "../parts/LineButton.tsx";
import { Row } from "../parts/Row.tsx";
import { t } from "../texts/t.ts";
import { BADGES, type Leads, leadsTo, sentenceOf, titleOf } from "./checks.ts";

interface Props {
  readonly check: Check;
  readonly onAgain: () => void;
}

export function CheckRow({ check, onAgain }: Props) {
  const leads = leadsTo(check);
  return (
    <Row
      id={`check-${check.id}`}
      title={titleOf(check)}
      badge={BADGES[check.state]}
      text={sentenceOf(check)}
      {...(leads ? { action: <Action leads={leads} check={check} onAgain={onAgain} /> } : {})}
    >
      {check.missing && check.missing.length > 0 && (
        <Missing>
          {check.missing.map(({ name, for: purpose }) => (
            <li key={name}>{t("check.scopes.item", { purpose, name })}</li>
          ))}
        </Missing>
      )}
    </Row>
  );
}

function Action({ leads, check, onAgain }: Props & { readonly leads: Leads }) {
  if (leads.kind === "page") return <PageLink to={leads.to}>{t(leads.text)}</PageLink>;
  return <LineButton text={t("overview.again")} about={titleOf(check)} onClick={onAgain} />;
}

const Missing = styled.ul`
  margin: ${({ theme }) => theme.spacing.xSmall} 0 0;
  padding-inline-start: ${({ theme }) => theme.spacing.large};
  color: ${({ theme }) => theme.colors.secondary70};
  list-style: disc;
`;
