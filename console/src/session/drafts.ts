/**
 * Unsaved edits of a session that ended, kept in the tab for the same user. Never a secret.
 * A browser may forbid a framed page to store anything; then there are no drafts.
 */
import type { Settings } from "../api/types.ts";
import type { Edits } from "../settings/edits.ts";
import { isSecret, type Field } from "../settings/fields.ts";
import type { Entry } from "../products/unsaved.ts";

interface Draft {
  /** Unix seconds. */
  readonly at: number;
}

export interface SettingsDraft extends Draft {
  /** The settings the edits were made on. */
  readonly base: Settings;
  readonly edits: Edits;
}

export interface ProductsDraft extends Draft {
  readonly edits: readonly Pick<Entry, "base" | "draft">[];
}

type Store = Pick<Storage, "getItem" | "setItem" | "removeItem">;

export interface Drafts<D extends Draft> {
  readonly keep: (owner: string, draft: D) => void;
  readonly of: (owner: string) => D | undefined;
  readonly drop: () => void;
}

/** Drafts of settings in `store`; an owner is an app and a user of it. */
export function settingsDraftsIn(store: () => Store, key = "ordergroove-draft"): Drafts<SettingsDraft> {
  const drafts = draftsIn<SettingsDraft>(store, key);
  return {
    ...drafts,
    keep(owner, draft) {
      const edits = withoutSecrets(draft.edits);
      if (Object.keys(edits).length > 0) drafts.keep(owner, { ...draft, edits });
    },
  };
}

/** Settings again, of the page of the feeds. */
export function feedDraftsIn(store: () => Store): Drafts<SettingsDraft> {
  return settingsDraftsIn(store, "ordergroove-feeds-draft");
}

export function productDraftsIn(store: () => Store): Drafts<ProductsDraft> {
  return draftsIn(store, "ordergroove-products-draft");
}

function draftsIn<D extends Draft>(store: () => Store, key: string): Drafts<D> {
  const attempt = <T>(work: () => T): T | undefined => {
    try {
      return work();
    } catch {
      return undefined;
    }
  };
  return {
    keep(owner, draft) {
      attempt(() => {
        store().setItem(key, JSON.stringify({ owner, draft }));
      });
    },
    of(owner) {
      const kept = attempt(() => JSON.parse(store().getItem(key) ?? "null") as { owner: string; draft: D } | null);
      return kept?.owner === owner ? kept.draft : undefined;
    },
    drop() {
      attempt(() => {
        store().removeItem(key);
      });
    },
  };
}

function withoutSecrets(edits: Edits): Edits {
  return Object.fromEntries(Object.entries(edits).filter(([field]) => !isSecret(field as Field)));
}
