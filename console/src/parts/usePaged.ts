import { useCallback, useEffect, useReducer, useRef, useState } from "react";

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

interface Failed {
  readonly refusal: Refusal;
  /** Nothing older was asked for, but the newest. */
  readonly atBeginning: boolean;
}

/** A list that comes in parts; from its beginning again when `load` or `revision` is another. */
export function usePaged<T>(
  load: (from: number | null, signal?: AbortSignal) => Promise<Part<T>>,
  revision = "",
): Paged<T> {
  const [shown, setShown] = useState<Part<T>>();
  const [failed, setFailed] = useState<Failed>();
  const [loading, setLoading] = useState(true);
  const [tries, again] = useReducer((before: number) => before + 1, 0);
  const list = useRef<AbortController>(undefined);

  const take = useCallback(
    (from: number | null, before: readonly T[]) => {
      const { signal } = (list.current ??= new AbortController());
      // What comes late belongs to a list that is not shown any more.
      return load(from, signal).then(
        (part) => {
          if (signal.aborted) return;
          setShown({ items: [...before, ...part.items], next: part.next });
          setFailed(undefined);
          setLoading(false);
        },
        (thrown: unknown) => {
          if (signal.aborted) return;
          setFailed({ refusal: Refusal.of(thrown), atBeginning: from === null });
          setLoading(false);
        },
      );
    },
    [load],
  );

  useEffect(() => {
    void take(null, []);
    return () => {
      list.current?.abort();
      list.current = undefined;
    };
  }, [take, revision, tries]);

  const more = useCallback(async () => {
    setLoading(true);
    if (!shown || failed?.atBeginning) again();
    else await take(shown.next, shown.items);
  }, [take, shown, failed]);

  return { items: shown?.items, hasMore: shown?.next != null, loading, refusal: failed?.refusal, more };
}
