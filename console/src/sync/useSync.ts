import { useCallback, useEffect, useState } from "react";

import { Refusal } from "../api/refusal.ts";
import type { Sync } from "../api/catalog.ts";
import { useTicks } from "../parts/useTicks.ts";
import { useSession } from "../session/session.ts";
import { isReading } from "./words.ts";

const POLL_MS = 2000;

export interface Syncing {
  /** Unknown until the first answer. */
  readonly sync: Sync | undefined;
  readonly refusal: Refusal | undefined;
  readonly busy: "starting" | "cancelling" | undefined;
  readonly start: () => Promise<void>;
  readonly cancel: () => Promise<void>;
}

/** How reading the catalogue stands: asked for again and again while it runs. */
export function useSync(): Syncing {
  const { api } = useSession();
  const [sync, setSync] = useState<Sync>();
  const [refusal, setRefusal] = useState<Refusal>();
  const [busy, setBusy] = useState<Syncing["busy"]>();

  const take = useCallback(async (call: Promise<Sync>): Promise<void> => {
    try {
      setSync(await call);
      setRefusal(undefined);
    } catch (thrown) {
      setRefusal(Refusal.of(thrown));
    }
  }, []);

  useEffect(() => {
    const gone = new AbortController();
    api.sync(gone.signal).then(setSync, (thrown: unknown) => {
      if (!gone.signal.aborted) setRefusal(Refusal.of(thrown));
    });
    return () => {
      gone.abort();
    };
  }, [api]);

  useTicks(sync !== undefined && isReading(sync) && refusal?.reason !== "session_ended", POLL_MS, () =>
    take(api.sync()),
  );

  const work = async (kind: Syncing["busy"], call: () => Promise<Sync>): Promise<void> => {
    if (busy) return;
    setBusy(kind);
    await take(call());
    setBusy(undefined);
  };
  return {
    sync,
    refusal,
    busy,
    start: () => work("starting", api.startSync),
    cancel: () => work("cancelling", api.cancelSync),
  };
}
