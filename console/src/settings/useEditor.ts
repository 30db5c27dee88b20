import { useEffect, useReducer } from "react";

import { Refusal } from "../api/refusal.ts";
import type { Saved } from "../api/types.ts";
import { useSession, useStatus } from "../session/session.ts";
import { patchOf } from "./edits.ts";
import { begin, next, undecided, unsaved, type Editor, type Event } from "./editor.ts";

export interface Editing {
  readonly editor: Editor;
  readonly dispatch: (event: Event) => void;
  /** True once saved; false when there is something to look at first. */
  readonly save: () => Promise<boolean>;
  /** The session ended, and the edits but for secrets are kept to be put back. */
  readonly isDraftKept: () => boolean;
}

/** Edits of the settings that were read, until they are saved; kept among those of the page if the session ends. */
export function useEditor(saved: Saved, kept: "drafts" | "feedDrafts"): Editing {
  const { api, [kept]: drafts, owner } = useSession();
  const status = useStatus();
  const [editor, dispatch] = useReducer(next, saved, begin);

  useEffect(() => {
    const key = owner();
    if (status === "ended" && key && unsaved(editor).length > 0) {
      drafts.keep(key, { at: Date.now() / 1000, base: editor.saved.settings, edits: editor.edits });
    }
  }, [status, editor, drafts, owner]);

  const save = async (): Promise<boolean> => {
    const { saved: base, edits: sent } = editor;
    if (editor.saving) return false;
    if (unsaved(editor).length === 0) {
      dispatch({ type: "ended", outcome: { kind: "nothing" } });
      return true;
    }
    if (undecided(editor).length > 0) {
      dispatch({ type: "ended", outcome: { kind: "undecided" } });
      return false;
    }
    dispatch({ type: "save_began" });
    try {
      dispatch({ type: "saved", saved: await api.saveSettings(patchOf(base.settings, sent), base.version), sent });
      return true;
    } catch (thrown) {
      dispatch(await consequence(Refusal.of(thrown), () => api.settings()));
      return false;
    }
  };
  const isDraftKept = (): boolean => {
    const key = owner();
    return status === "ended" && key !== undefined && drafts.of(key) !== undefined;
  };
  return { editor, dispatch, save, isDraftKept };
}

/** What a refused save leads to; settings that somebody else saved are read anew. */
async function consequence(refusal: Refusal, read: () => Promise<Saved>): Promise<Event> {
  if (refusal.reason === "invalid_settings") {
    return { type: "ended", outcome: { kind: "invalid", errors: refusal.errors } };
  }
  if (refusal.reason !== "settings_changed") return { type: "ended", outcome: { kind: "failed", refusal } };
  try {
    return { type: "moved", saved: await read(), changed: refusal.changed };
  } catch (thrown) {
    return { type: "ended", outcome: { kind: "failed", refusal: Refusal.of(thrown) } };
  }
}
