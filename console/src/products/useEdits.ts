import { useCallback, useEffect, useReducer, useState } from "react";

import type { Product } from "../api/catalog.ts";
import { useSession, useStatus } from "../session/session.ts";
import { saveAll, type Outcome } from "./saving.ts";
import { next, type Event, type Unsaved } from "./unsaved.ts";

export interface Edits {
  readonly unsaved: Unsaved;
  readonly dispatch: (event: Event) => void;
  /** A product as it is now: by the list, or by what was saved or read since. */
  readonly newest: (listed: Product) => Product;
  readonly outcome: Outcome;
  /** Counts the outcomes, so that the same one twice is noticed twice. */
  readonly tries: number;
  readonly saving: boolean;
  /** True once all is saved. */
  readonly save: () => Promise<boolean>;
  readonly discard: () => void;
  readonly isDraftKept: () => boolean;
}

type Known = ReadonlyMap<number, Product>;

/** Edits of products until they are saved, kept when the session ends before. */
export function useEdits(): Edits {
  const { api, productDrafts, owner } = useSession();
  const status = useStatus();
  const [unsaved, happen] = useReducer(next, new Map());
  const [known, know] = useReducer(learned, new Map());
  const [outcome, setOutcome] = useState<Outcome>({ kind: "none" });
  const [tries, countTry] = useReducer((before: number) => before + 1, 0);
  const [saving, setSaving] = useState(false);

  useEffect(() => {
    const key = owner();
    if (status !== "ended" || !key || unsaved.size === 0) return;
    const edits = [...unsaved.values()].map(({ base, draft }) => ({ base, draft }));
    productDrafts.keep(key, { at: Date.now() / 1000, edits });
  }, [status, unsaved, productDrafts, owner]);

  const dispatch = useCallback((event: Event): void => {
    if (event.type === "edited") setOutcome((before) => (before.kind === "stopped" ? before : { kind: "none" }));
    if (event.type === "saved" || event.type === "read") know(event.products);
    happen(event);
  }, []);

  const newest = useCallback(
    (listed: Product): Product => {
      const other = known.get(listed.id);
      return other && other.revision > listed.revision ? other : listed;
    },
    [known],
  );

  const end = (ended: Outcome): void => {
    setOutcome(ended);
    countTry();
  };

  const save = async (): Promise<boolean> => {
    if (saving) return false;
    if (unsaved.size === 0) {
      end({ kind: "nothing" });
      return true;
    }
    setSaving(true);
    setOutcome({ kind: "none" });
    const ended = await saveAll(api, unsaved, dispatch);
    setSaving(false);
    end(ended);
    return ended.kind === "saved";
  };

  const discard = (): void => {
    dispatch({ type: "discarded" });
    end({ kind: "discarded" });
  };

  const isDraftKept = (): boolean => {
    const key = owner();
    return status === "ended" && key !== undefined && productDrafts.of(key) !== undefined;
  };

  return { unsaved, dispatch, newest, outcome, tries, saving, save, discard, isDraftKept };
}

function learned(known: Known, products: readonly Product[]): Known {
  return new Map([...known, ...products.map((product) => [product.id, product] as const)]);
}
