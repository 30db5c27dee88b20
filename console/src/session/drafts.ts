/**
 * Unsaved settings of a session that ended, kept in the tab for the same user. Never a secret.
 * A browser may forbid a framed page to store anything; then there are no drafts.
 */
import type { Settings } from "../api/types.ts";
import type { Edits } from "../settings/edits.ts";
import { isSecret, type Field } from "../settings/fields.ts";

const KEY = "ordergroove-draft";

export interface Draft {
  /** Unix seconds. */
  readonly at: number;
  /** The settings the edits were made on. */
  readonly base: Settings;
  readonly edits: Edits;
}

type Store = Pick<Storage, "getItem" | "setItem" | "removeItem">;

export interface Drafts {
  readonly keep: (owner: string, draft: Draft) => void;
  readonly of: (owner: string) => Draft | undefined;
  readonly drop: () => void;
}

/** Drafts in `store`; an owner is an app and a user of it. */
export function draftsIn(store: () => Store): Drafts {
  const attempt = <T>(work: () => T): T | undefined => {
    try {
      return work();
    } catch {
      return undefined;
    }
  };
  return {
    keep(owner, draft) {
      const edits = withoutSecrets(draft.edits);
      if (Object.keys(edits).length === 0) return;
      attempt(() => {
        store().setItem(KEY, JSON.stringify({ owner, draft: { ...draft, edits } }));
      });
    },
    of(owner) {
      const kept = attempt(() => JSON.parse(store().getItem(KEY) ?? "null") as { owner: string; draft: Draft } | null);
      return kept?.owner === owner ? kept.draft : undefined;
    },
    drop() {
      attempt(() => {
        store().removeItem(KEY);
      });
    },
  };
}

function withoutSecrets(edits: Edits): Edits {
  return Object.fromEntries(Object.entries(edits).filter(([field]) => !isSecret(field as Field)));
}
