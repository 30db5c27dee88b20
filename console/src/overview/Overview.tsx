import { Panel } from "@bigcommerce/big-design";

import type { Overview as Answer } from "../api/types.ts";
import { Connections } from "../connections/Connections.tsx";
import { useAnchor } from "../navigation/useArrival.ts";
import { Failure } from "../parts/Failure.tsx";
import { Loading } from "../parts/Loading.tsx";
import { PageHeading } from "../parts/PageHeading.tsx";
import { Rows } from "../parts/Row.tsx";
import { useLoaded } from "../parts/useLoaded.ts";
import { useSession } from "../session/session.ts";
import { t } from "../texts/t.ts";
import { CheckRow } from "./CheckRow.tsx";
import { isConnection } from "./checks.ts";
import { StorePanel } from "./StorePanel.tsx";

/** What is done, what is missing, and what needs attention. */
export function Overview() {
  const { api } = useSession();
  const [loaded, again] = useLoaded(api.overview);
  useAnchor(loaded.state === "ready");
  const overview = loaded.state === "ready" ? loaded.value : undefined;
  return (
    <>
      <PageHeading text={t("page.overview")} environment={overview?.environment} />
      {loaded.state === "loading" && <Loading text={t("loading.overview")} />}
      {loaded.state === "failed" && <Failure refusal={loaded.refusal} onAgain={again} />}
      {overview && <Panels overview={overview} onAgain={again} />}
    </>
  );
}

function Panels({ overview, onAgain }: { readonly overview: Answer; readonly onAgain: () => void }) {
  const { checks } = overview;
  const setup = checks.filter((check) => !isConnection(check));
  const done = setup.filter(({ state }) => state === "done").length;
  return (
    <>
      <Panel
        header={t("overview.setup")}
        headerId="setup"
        badge={{
          label: t("overview.progress", { done, all: setup.length }),
          variant: done === setup.length ? "success" : "secondary",
        }}
        description={t("overview.setup.help")}
      >
        <Rows aria-labelledby="setup">
          {setup.map((check) => (
            <CheckRow key={check.id} check={check} onAgain={onAgain} />
          ))}
        </Rows>
      </Panel>
      <Connections help="overview.connections.help" checks={checks} onTested={onAgain} />
      <StorePanel overview={overview} />
    </>
  );
}
