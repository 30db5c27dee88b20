import { Panel } from "@bigcommerce/big-design";

import type { Overview } from "../api/types.ts";
import { environmentName } from "../parts/environment.ts";
import { Facts } from "../parts/Facts.tsx";
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
      <Facts facts={facts.filter(([, value]) => value !== "")} />
    </Panel>
  );
}
