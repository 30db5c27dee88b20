import { useCallback, useEffect, useState } from "react";

import { Refusal } from "../api/refusal.ts";

export type Loaded<T> =
  | { readonly state: "loading" }
  | { readonly state: "failed"; readonly refusal: Refusal }
  | { readonly state: "ready"; readonly value: T };

/** Loads once, and again on demand; what was there stays until the new answer is. */
export function useLoaded<T>(load: (signal: AbortSignal) => Promise<T>): [Loaded<T>, () => void] {
  const [loaded, setLoaded] = useState<Loaded<T>>({ state: "loading" });
  const [times, setTimes] = useState(0);
  useEffect(() => {
    const gone = new AbortController();
    load(gone.signal).then(
      (value) => {
        if (!gone.signal.aborted) setLoaded({ state: "ready", value });
      },
      (thrown: unknown) => {
        if (!gone.signal.aborted) setLoaded({ state: "failed", refusal: Refusal.of(thrown) });
      },
    );
    return () => {
      gone.abort();
    };
  }, [load, times]);
  const again = useCallback(() => {
    setLoaded((before) => (before.state === "failed" ? { state: "loading" } : before));
    setTimes((before) => before + 1);
  }, []);
  return [loaded, again];
}
