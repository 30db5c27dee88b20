/** Puts unsaved edits onto settings that somebody else saved meanwhile. */
import type { Changed, Settings, User } from "../api/types.ts";
import { changedFields, isSet, savedText, withEdit, type Edits } from "./edits.ts";
import { FIELDS, isSecret, type Field } from "./fields.ts";

/** A field that both changed: what they made of it, and who. */
export interface Conflict {
  readonly theirs: { readonly kind: "text"; readonly text: string } | { readonly kind: "replaced" | "removed" };
  readonly user: User | null;
}

export type Conflicts = Readonly<Partial<Record<Field, Conflict>>>;

export interface Rebased {
  readonly edits: Edits;
  readonly conflicts: Conflicts;
}

/** The fields that somebody else changed: by the service's word, or because their saved text differs. */
export function movedFields(base: Settings, fresh: Settings, changed: readonly Changed[]): Field[] {
  return FIELDS.map(({ field }) => field).filter(
    (field) =>
      changed.some((change) => change.field === field) ||
      savedText(base, field) !== savedText(fresh, field) ||
      isSet(base, field) !== isSet(fresh, field),
  );
}

/** The edits on top of `fresh`. What both made the same is no edit any more; what they made different is a conflict. */
export function rebase(edits: Edits, base: Settings, fresh: Settings, changed: readonly Changed[]): Rebased {
  let kept = edits;
  const conflicts: Partial<Record<Field, Conflict>> = {};
  for (const field of movedFields(base, fresh, changed)) {
    if (edits[field] === undefined) continue;
    if (changedFields(fresh, edits).includes(field)) {
      const user = changed.findLast((change) => change.field === field)?.user ?? null;
      conflicts[field] = { theirs: theirs(fresh, field), user };
    } else if (edits[field] !== "" || !isSecret(field)) {
      kept = withEdit(kept, field, undefined);
    }
  }
  return { edits: kept, conflicts };
}

function theirs(fresh: Settings, field: Field): Conflict["theirs"] {
  if (!isSecret(field)) return { kind: "text", text: savedText(fresh, field) };
  return { kind: isSet(fresh, field) ? "replaced" : "removed" };
}
