/** What somebody typed over the saved settings, and what of it is a change. */
import type { Secret, Settings } from "../api/types.ts";
import { FIELDS, isSecret, type Field } from "./fields.ts";

/** The text typed into a field; `null` removes a secret, an empty secret is one not typed yet. */
export type Edits = Readonly<Partial<Record<Field, string | null>>>;

/** The saved text of a field that is no secret. */
export function savedText(settings: Settings, field: Field): string {
  const value = valueOf(settings, field);
  return typeof value === "object" ? "" : String(value);
}

/** Whether a secret is there. */
export function isSet(settings: Settings, field: Field): boolean {
  const value = valueOf(settings, field);
  return typeof value === "object" && value.set;
}

/** Edits with `field` set to `value`; `undefined` takes the edit back. */
export function withEdit(edits: Edits, field: Field, value: string | null | undefined): Edits {
  if (value !== undefined) return { ...edits, [field]: value };
  return Object.fromEntries(Object.entries(edits).filter(([other]) => other !== field));
}

/** The fields whose edit would change what is saved, in the order of the page. */
export function changedFields(settings: Settings, edits: Edits): Field[] {
  return FIELDS.map(({ field }) => field).filter((field) => {
    const edit = edits[field];
    if (edit === undefined) return false;
    if (isSecret(field)) return edit === null ? isSet(settings, field) : edit !== "";
    return edit !== savedText(settings, field);
  });
}

/** The changes as the API takes them: nothing but what was changed, so that nobody undoes another's work. */
export function patchOf(settings: Settings, edits: Edits): Record<string, Record<string, string | number | null>> {
  const patch: Record<string, Record<string, string | number | null>> = {};
  for (const field of changedFields(settings, edits)) {
    const [group, name] = split(field);
    const edit = edits[field] ?? null;
    const isNumber = field === "sftp.port" && edit !== null && /^\d+$/.test(edit.trim());
    (patch[group] ??= {})[name] = isNumber ? Number(edit) : edit;
  }
  return patch;
}

/** The edits that came after `sent`: what was typed while it was being saved. */
export function editsSince(edits: Edits, sent: Edits): Edits {
  return Object.fromEntries(Object.entries(edits).filter(([field, edit]) => edit !== sent[field as Field]));
}

function valueOf(settings: Settings, field: Field): string | number | Secret {
  const [group, name] = split(field);
  return (settings[group] as Readonly<Record<string, string | number | Secret>>)[name] ?? "";
}

function split(field: Field): ["ordergroove" | "sftp", string] {
  return field.split(".", 2) as ["ordergroove" | "sftp", string];
}
