/** What somebody typed over the saved settings, and what of it is a change. */
import type { Secret, Settings } from "../api/types.ts";
import { FIELDS, isSecret, kindOf, type Field } from "./fields.ts";

/** The text typed into a field; `null` removes a secret, an empty secret is one not typed yet. */
export type Edits = Readonly<Partial<Record<Field, string | null>>>;

type Value = string | number | boolean | null;

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
export function patchOf(settings: Settings, edits: Edits): Record<string, Record<string, Value>> {
  const patch: Record<string, Record<string, Value>> = {};
  for (const field of changedFields(settings, edits)) {
    const [group, name] = split(field);
    (patch[group] ??= {})[name] = valueTyped(field, edits[field] ?? null);
  }
  return patch;
}

function valueTyped(field: Field, edit: string | null): Value {
  if (edit === null) return null;
  if (kindOf(field) === "number" && /^\d+$/.test(edit.trim())) return Number(edit);
  return kindOf(field) === "switch" ? edit === "true" : edit;
}

/** The edits that came after `sent`: what was typed while it was being saved. */
export function editsSince(edits: Edits, sent: Edits): Edits {
  return Object.fromEntries(Object.entries(edits).filter(([field, edit]) => edit !== sent[field as Field]));
}

function valueOf(settings: Settings, field: Field): string | number | boolean | Secret {
  const [group, name] = split(field);
  // A draft may be of settings from before there was this group.
  const values = settings[group] as Readonly<Record<string, string | number | boolean | Secret>> | undefined;
  return values?.[name] ?? "";
}

type Group = Exclude<keyof Settings, "environment">;

function split(field: Field): [Group, string] {
  return field.split(".", 2) as [Group, string];
}
