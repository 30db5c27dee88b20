import { FormControlDescription, FormControlError, FormGroup, Input, Small, Textarea } from "@bigcommerce/big-design";
import type { ChangeEvent, FocusEvent } from "react";

import { LineButton } from "../parts/LineButton.tsx";
import { t } from "../texts/t.ts";
import { ConflictChoice } from "./ConflictChoice.tsx";
import { isSet, savedText } from "./edits.ts";
import type { Editor, Event } from "./editor.ts";
import { idOf, type FieldSpec } from "./fields.ts";
import { SetFingerprint } from "./SetFingerprint.tsx";
import { SetSecret } from "./SetSecret.tsx";

/** The list of time zones, which is on the page that has such a field. */
export const ZONES = "time-zones";

export interface FieldProps {
  readonly spec: FieldSpec;
  readonly editor: Editor;
  readonly dispatch: (event: Event) => void;
}

/** One setting: its input, what it is for, what is wrong with it, and a choice when two changed it. */
export function SettingField({ spec, editor, dispatch }: FieldProps) {
  const { field } = spec;
  const conflict = editor.conflicts[field];
  const form = formOf(spec, editor);
  return (
    <div data-field={field}>
      {form === "secret" && <SetSecret spec={spec} editor={editor} dispatch={dispatch} />}
      {form === "fingerprint" && <SetFingerprint spec={spec} editor={editor} dispatch={dispatch} />}
      {form === "typed" && <TypedField spec={spec} editor={editor} dispatch={dispatch} />}
      {conflict && <ConflictChoice field={field} conflict={conflict} dispatch={dispatch} />}
    </div>
  );
}

type Form = "secret" | "fingerprint" | "typed";

/** What is set already is not typed but replaced, removed or forgotten. */
function formOf({ field, kind }: FieldSpec, { saved: { settings }, edits }: Editor): Form {
  if (isSet(settings, field) && typeof edits[field] !== "string") return "secret";
  return kind === "fingerprint" && savedText(settings, field) !== "" ? "fingerprint" : "typed";
}

function TypedField({ spec, editor, dispatch }: FieldProps) {
  const { field, kind, help } = spec;
  const id = idOf(field);
  const label = t(`field.${field}`);
  const error = editor.errors[field];
  const { settings } = editor.saved;
  const edit = editor.edits[field];
  const wasSet = isSet(settings, field);
  const isDefault = kind === "address" && edit === "" && savedText(settings, field) !== "";
  const described = [help && `${id}-help`, error && `${id}-error`, isDefault && `${id}-default`].filter(Boolean);
  const change = (value: string | undefined): void => {
    dispatch({ type: "edited", field, value });
  };
  const takeBack = (): void => {
    change(undefined);
    focusOn(id);
  };
  const shared = {
    id,
    name: field,
    label,
    value: edit ?? savedText(settings, field),
    onChange: (event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) => {
      change(event.target.value);
    },
    spellCheck: false,
    "aria-invalid": error !== undefined,
    "aria-describedby": described.join(" "),
    ...(help ? { description: <FormControlDescription id={`${id}-help`}>{t(help)}</FormControlDescription> } : {}),
    ...(error ? { error: <FormControlError id={`${id}-error`}>{error}</FormControlError> } : {}),
  };
  return (
    <>
      <div>
        <FormGroup>
          {kind === "secret_lines" ? (
            <Textarea {...shared} rows={5} autoComplete="off" />
          ) : (
            <Input
              {...shared}
              type={kind === "secret" ? "password" : "text"}
              autoComplete={kind === "secret" ? "new-password" : "off"}
              {...(kind === "number" ? { inputMode: "numeric" as const } : {})}
              {...(kind === "address" ? { inputMode: "url" as const } : {})}
              {...(kind === "zone" ? { list: ZONES, onFocus: selectAll } : {})}
            />
          )}
        </FormGroup>
      </div>
      {isDefault && (
        <Small id={`${id}-default`} marginTop="xSmall" marginBottom="none">
          {t("default.restored")} <LineButton text={t("default.undo")} about={label} onClick={takeBack} />
        </Small>
      )}
      {wasSet && (
        <Small marginTop="xSmall" marginBottom="none">
          <LineButton text={t("secret.keep")} about={label} onClick={takeBack} />
        </Small>
      )}
    </>
  );
}

/** What is typed then replaces the zone, and so searches among all. */
function selectAll({ target }: FocusEvent<HTMLInputElement>): void {
  target.select();
}

/** What was clicked is gone by now, so focus goes to the field it was about. */
export function focusOn(id: string): void {
  setTimeout(() => {
    document.getElementById(id)?.focus();
  });
}
