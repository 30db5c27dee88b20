import { useState } from "react";

import type { Saved } from "../api/types.ts";
import { useAnchor } from "../navigation/useArrival.ts";
import { Failure } from "../parts/Failure.tsx";
import { Loading } from "../parts/Loading.tsx";
import { PageHeading } from "../parts/PageHeading.tsx";
import { useLoaded } from "../parts/useLoaded.ts";
import { useSession } from "../session/session.ts";
import { t } from "../texts/t.ts";
import { SettingsForm } from "./SettingsForm.tsx";

/** Everything the app can be told. */
export function Settings() {
  const { api } = useSession();
  const [loaded, again] = useLoaded(api.settings);
  return (
    <>
      <PageHeading
        text={t("page.settings")}
        environment={loaded.state === "ready" ? loaded.value.settings.environment : undefined}
      />
      {loaded.state === "loading" && <Loading text={t("loading.settings")} />}
      {loaded.state === "failed" && <Failure refusal={loaded.refusal} onAgain={again} />}
      {loaded.state === "ready" && <Arrived saved={loaded.value} />}
    </>
  );
}

/** The form begins with what was read first; what is saved later comes through it. */
function Arrived({ saved }: { readonly saved: Saved }) {
  const [first] = useState(saved);
  useAnchor(true);
  return <SettingsForm saved={first} />;
}
