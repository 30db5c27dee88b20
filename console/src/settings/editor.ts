/** The settings being edited, as a state and what can happen to it. */
import type { Refusal } from "../api/refusal.ts";
import type { Changed, FieldError, Saved } from "../api/types.ts";
import { changedFields, editsSince, withEdit, type Edits } from "./edits.ts";
import { FIELDS, type Field } from "./fields.ts";
import { movedFields, rebase, type Conflicts } from "./rebase.ts";

export interface Moved {
  readonly field: Field;
  readonly change: Changed | undefined;
}

/** What the last try to save came to. */
export type Outcome =
  | { readonly kind: "none" | "nothing" | "saved" | "discarded" | "undecided" }
  | { readonly kind: "invalid"; readonly errors: readonly FieldError[] }
  | { readonly kind: "moved"; readonly moved: readonly Moved[] }
  | { readonly kind: "failed"; readonly refusal: Refusal };

export interface Editor {
  readonly saved: Saved;
  readonly edits: Edits;
  readonly conflicts: Conflicts;
  readonly errors: Readonly<Partial<Record<Field, string>>>;
  readonly saving: boolean;
  readonly outcome: Outcome;
  /** Counts the outcomes, so that the same one twice is noticed twice. */
  readonly tries: number;
}

export type Event =
  | { readonly type: "edited"; readonly field: Field; readonly value: string | null | undefined }
  | { readonly type: "discarded" }
  | { readonly type: "save_began" }
  | { readonly type: "ended"; readonly outcome: Outcome }
  | { readonly type: "saved"; readonly saved: Saved; readonly sent: Edits }
  /** Read anew after something beside the form was saved. */
  | { readonly type: "refreshed"; readonly saved: Saved }
  | { readonly type: "moved"; readonly saved: Saved; readonly changed: readonly Changed[] }
  | { readonly type: "draft_restored"; readonly edits: Edits; readonly base: Saved["settings"] }
  | { readonly type: "kept_mine"; readonly field: Field }
  | { readonly type: "took_theirs"; readonly field: Field };

export function begin(saved: Saved): Editor {
  return { saved, edits: {}, conflicts: {}, errors: {}, saving: false, outcome: { kind: "none" }, tries: 0 };
}

/** Fields that would be saved now. */
export function unsaved(editor: Editor): Field[] {
  return changedFields(editor.saved.settings, editor.edits);
}

/** Fields where a choice is still to be made. */
export function undecided(editor: Editor): Field[] {
  return FIELDS.map(({ field }) => field).filter((field) => editor.conflicts[field]);
}

export function next(editor: Editor, event: Event): Editor {
  switch (event.type) {
    case "edited":
      return {
        ...editor,
        edits: withEdit(editor.edits, event.field, event.value),
        // An edit that is taken back leaves nothing to choose from.
        conflicts: event.value === undefined ? without(editor.conflicts, event.field) : editor.conflicts,
        errors: without(editor.errors, event.field),
        outcome: isPassing(editor.outcome) ? { kind: "none" } : editor.outcome,
      };
    case "discarded":
      return { ...begin(editor.saved), outcome: { kind: "discarded" }, tries: editor.tries + 1 };
    case "save_began":
      return { ...editor, saving: true, errors: {}, outcome: { kind: "none" } };
    case "ended":
      return {
        ...editor,
        saving: false,
        outcome: event.outcome,
        tries: editor.tries + 1,
        errors: event.outcome.kind === "invalid" ? byField(event.outcome.errors) : editor.errors,
      };
    case "saved":
      return {
        ...begin(event.saved),
        edits: editsSince(editor.edits, event.sent),
        outcome: { kind: "saved" },
        tries: editor.tries + 1,
      };
    case "refreshed":
      return {
        ...editor,
        saved: event.saved,
        ...rebase(editor.edits, editor.saved.settings, event.saved.settings, []),
      };
    case "moved": {
      const { settings } = editor.saved;
      const fields = movedFields(settings, event.saved.settings, event.changed);
      const moved = fields.map((field) => ({
        field,
        change: event.changed.findLast((change) => change.field === field),
      }));
      return {
        ...editor,
        saved: event.saved,
        ...rebase(editor.edits, settings, event.saved.settings, event.changed),
        saving: false,
        outcome: { kind: "moved", moved },
        tries: editor.tries + 1,
      };
    }
    case "draft_restored":
      return { ...editor, ...rebase(event.edits, event.base, editor.saved.settings, []) };
    case "kept_mine":
      return { ...editor, conflicts: without(editor.conflicts, event.field) };
    case "took_theirs":
      return {
        ...editor,
        conflicts: without(editor.conflicts, event.field),
        edits: withEdit(editor.edits, event.field, undefined),
        errors: without(editor.errors, event.field),
      };
  }
}

/** An outcome that is old news once somebody types on. */
function isPassing({ kind }: Outcome): boolean {
  return kind === "saved" || kind === "nothing" || kind === "discarded";
}

function byField(errors: readonly FieldError[]): Editor["errors"] {
  return Object.fromEntries(errors.map(({ field, message }) => [field, message]));
}

function without<T extends Partial<Record<Field, unknown>>>(record: T, field: Field): T {
  return Object.fromEntries(Object.entries(record).filter(([other]) => other !== field)) as T;
}
