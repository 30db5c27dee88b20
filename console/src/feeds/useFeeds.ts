import { useCallback, useEffect, useState } from "react";

import type { Feeds } from "../api/feeds.ts";
import { Refusal } from "../api/refusal.ts";
import { useTicks } from "../parts/useTicks.ts";
import { useSession } from "../session/session.ts";
import { pollAfter } from "./words.ts";

export interface FeedState {
  /** Unknown until the first answer; kept when a later one fails. */
  readonly feeds: Feeds | undefined;
  readonly refusal: Refusal | undefined;
  readonly read: () => Promise<void>;
}

/** How the feeds stand: asked for again and again while something goes on. */
export function useFeeds(): FeedState {
  const { api } = useSession();
  const [known, setKnown] = useState<{ readonly feeds: Feeds; readonly after: number | undefined }>();
  const [refusal, setRefusal] = useState<Refusal>();
  const take = useCallback((now: Feeds): void => {
    setKnown({ feeds: now, after: pollAfter(now.run, Date.now() / 1000) });
    setRefusal(undefined);
  }, []);
  useEffect(() => {
    const gone = new AbortController();
    api.feeds(gone.signal).then(take, (thrown: unknown) => {
      if (!gone.signal.aborted) setRefusal(Refusal.of(thrown));
    });
    return () => {
      gone.abort();
    };
  }, [api, take]);
  const read = useCallback(
    () =>
      api.feeds().then(take, (thrown: unknown) => {
        setRefusal(Refusal.of(thrown));
      }),
    [api, take],
  );
  // A schedule may have begun one while nobody looked.
  useEffect(() => {
    const look = (): void => {
      if (document.visibilityState === "visible") void read();
    };
    document.addEventListener("visibilitychange", look);
    return () => {
      document.removeEventListener("visibilitychange", look);
    };
  }, [read]);
  useTicks(known?.after !== undefined && refusal?.reason !== "session_ended", known?.after ?? 0, read);
  return { feeds: known?.feeds, refusal, read };
}
