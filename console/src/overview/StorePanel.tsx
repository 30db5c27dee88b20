import { Panel } from "@bigcommerce/big-design";
import styled from "styled-components";

import type { Overview } from "../api/types.ts";
import { Breakable } from "../parts/Breakable.tsx";
import { environmentName } from "../parts/environment.ts";
import { nameOf } from "../parts/people.ts";
import { t, time } from "../texts/t.ts";

/** Which store this is, and who is signed in. */
export function StorePanel({ overview: { store, environment, user, session } }: { readonly overview: Overview }) {
  const facts: readonly (readonly [string, string])[] = [
    [t("overview.store.name"), store.name],
    [t("overview.store.hash"), store.hash],
    [t("overview.store.environment"), environmentName(environment)],
    [t("overview.store.user"), nameOf(user)],
    [t("overview.store.session"), time(session.ends_at)],
  ];
  return (
    <Panel header={t("overview.store")} headerId="store">
      <Facts>
        {facts
          .filter(([, value]) => value !== "")
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <Breakable text={value} />
              </dd>
            </div>
          ))}
      </Facts>
    </Panel>
  );
}

const Facts = styled.dl`
  display: grid;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 16rem), 1fr));
  gap: ${({ theme }) => theme.spacing.medium};
  margin: 0;
  color: ${({ theme }) => theme.colors.secondary70};

  dt {
    color: ${({ theme }) => theme.colors.secondary60};
    font-size: ${({ theme }) => theme.typography.fontSize.small};
  }

  dd {
    margin: 0;
    overflow-wrap: anywhere;
  }
`;
