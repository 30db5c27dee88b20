import { Text } from "@bigcommerce/big-design";

import type { Check } from "../api/types.ts";
import { PageLink } from "../navigation/PageLink.tsx";
import { LineButton } from "../parts/LineButton.tsx";
import { Row } from "../parts/Row.tsx";
import { t } from "../texts/t.ts";
import { BADGES, leadsTo, sentenceOf, titleOf } from "./checks.ts";

interface Props {
  readonly check: Check;
  readonly onAgain: () => void;
}

export function CheckRow({ check, onAgain }: Props) {
  return (
    <Row
      id={`check-${check.id}`}
      title={titleOf(check)}
      badge={BADGES[check.state]}
      text={sentenceOf(check)}
      action={<Action check={check} onAgain={onAgain} />}
    >
      {check.missing && check.missing.length > 0 && (
        <ul>
          {check.missing.map(({ name, for: purpose }) => (
            <li key={name}>
              <Text as="span">{t("check.scopes.item", { purpose, name })}</Text>
            </li>
          ))}
        </ul>
      )}
    </Row>
  );
}

function Action({ check, onAgain }: Props) {
  const leads = leadsTo(check);
  if (!leads) return null;
  if (leads.kind === "page") return <PageLink to={leads.to}>{t(leads.text)}</PageLink>;
  return <LineButton text={t("overview.again")} about={titleOf(check)} onClick={onAgain} />;
}
