import { useCallback, useEffect, useReducer, useState } from "react";

import { Refusal } from "../api/refusal.ts";

export interface Part<T> {
  readonly items: readonly T[];
  /** Where the next part begins; null after the last. */
  readonly next: number | null;
}

export interface Paged<T> {
  /** Unknown until the first answer. */
  readonly items: readonly T[] | undefined;
  readonly hasMore: boolean;
  readonly loading: boolean;
  readonly refusal: Refusal | undefined;
  readonly more: () => Promise<void>;
}

/** A list that comes in parts; from its beginning again when `load` is another. */
export function usePaged<T>(load: (from: number | null, signal?: AbortSignal) => Promise<Part<T>>): Paged<T> {
  const [shown, setShown] = useState<Part<T>>();
  const [refusal, setRefusal] = useState<Refusal>();
  const [loading, setLoading] = useState(true);
  const [tries, again] = useReducer((before: number) => before + 1, 0);

  useEffect(() => {
    const gone = new AbortController();
    load(null, gone.signal).then(
      (part) => {
        if (gone.signal.aborted) return;
        setShown(part);
        setRefusal(undefined);
        setLoading(false);
      },
      (thrown: unknown) => {
        if (gone.signal.aborted) return;
        setRefusal(Refusal.of(thrown));
        setLoading(false);
      },
    );
    return () => {
      gone.abort();
    };
  }, [load, tries]);

  const more = useCallback(async () => {
    if (!shown) {
      again();
      return;
    }
    setLoading(true);
    try {
      const part = await load(shown.next);
      setShown({ items: [...shown.items, ...part.items], next: part.next });
      setRefusal(undefined);
    } catch (thrown) {
      setRefusal(Refusal.of(thrown));
    }
    setLoading(false);
  }, [load, shown]);

  return { items: shown?.items, hasMore: shown?.next != null, loading, refusal, more };
}
