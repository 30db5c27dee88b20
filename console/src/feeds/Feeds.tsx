import { useState } from "react";

import type { Saved } from "../api/types.ts";
import { Failure } from "../parts/Failure.tsx";
import { Loading } from "../parts/Loading.tsx";
import { PageHeading } from "../parts/PageHeading.tsx";
import { useLoaded } from "../parts/useLoaded.ts";
import { useSession } from "../session/session.ts";
import { t } from "../texts/t.ts";
import { FeedForm } from "./FeedForm.tsx";
import { RunList } from "./RunList.tsx";
import { RunPanel } from "./RunPanel.tsx";
import { useFeeds, type FeedState } from "./useFeeds.ts";

/** When feeds are sent, where to, and how the last ones went. */
export function Feeds() {
  const { api } = useSession();
  const [settings, again] = useLoaded(api.settings);
  const state = useFeeds();
  const environment = settings.state === "ready" ? settings.value.settings.environment : undefined;
  return (
    <>
      <PageHeading text={t("page.feeds")} environment={environment} />
      {state.refusal && <Failure refusal={state.refusal} onAgain={() => void state.read()} />}
      {settings.state === "failed" && <Failure refusal={settings.refusal} onAgain={again} />}
      {(settings.state === "loading" || (!state.feeds && !state.refusal)) && <Loading text={t("loading.feeds")} />}
      {settings.state === "ready" && state.feeds && (
        <Arrived saved={settings.value} state={state} feeds={state.feeds} />
      )}
    </>
  );
}

interface Props {
  readonly saved: Saved;
  readonly state: FeedState;
  readonly feeds: NonNullable<FeedState["feeds"]>;
}

/** The form begins with what was read first; what is saved later comes through it. */
function Arrived({ saved, state: { read }, feeds }: Props) {
  const [first] = useState(saved);
  return (
    <>
      <RunPanel feeds={feeds} read={read} />
      <FeedForm saved={first} feeds={feeds} read={read} />
      <RunList runs={feeds.runs} />
    </>
  );
}
