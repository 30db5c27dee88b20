import { Callout } from "../parts/Callout.tsx";
import { Failure } from "../parts/Failure.tsx";
import { nameOf } from "../parts/people.ts";
import { fieldName } from "../history/words.ts";
import { count, t, time } from "../texts/t.ts";
import { undecided, type Editor, type Moved } from "./editor.ts";
import { FIELDS, idOf } from "./fields.ts";

interface Props {
  readonly editor: Editor;
  readonly onAgain: () => void;
}

export const OUTCOME = "outcome";

/** What came of the last try to save, above the form. */
export function OutcomeMessage(props: Props) {
  return (
    <div id={OUTCOME}>
      <Words {...props} />
    </div>
  );
}

function Words({ editor, onAgain }: Props) {
  const { outcome } = editor;
  const open = undecided(editor);
  switch (outcome.kind) {
    case "none":
    case "saved":
      return null;
    case "nothing":
    case "discarded":
      return <Callout type="info" messages={[{ text: t(`settings.${outcome.kind}`) }]} />;
    case "failed":
      return <Failure refusal={outcome.refusal} heading={t("settings.failed.heading")} onAgain={onAgain} />;
    case "invalid":
      return (
        <Callout
          type="error"
          header={t("settings.invalid.heading")}
          messages={[
            { text: count("settings.invalid", outcome.errors.length) },
            ...outcome.errors.map(({ field, message }) => {
              const spec = FIELDS.find((known) => known.field === field);
              return spec
                ? { text: "", link: { text: fieldName(field), href: `#${idOf(spec.field)}` } }
                : { text: [fieldName(field), message].filter(Boolean).join(": ") };
            }),
          ]}
        />
      );
    case "moved":
    case "undecided":
      return (
        <Callout
          type="warning"
          header={open.length > 0 ? t("settings.conflict.heading") : t("settings.moved.heading")}
          messages={[
            ...(outcome.kind === "moved" ? outcome.moved.map((moved) => ({ text: movedText(moved) })) : []),
            { text: open.length > 0 ? t("settings.conflict.text") : t("settings.moved.keep") },
          ]}
        />
      );
  }
}

function movedText({ field, change }: Moved): string {
  const name = fieldName(field);
  if (!change) return t("settings.moved.item.unknown", { field: name });
  return t("settings.moved.item", { who: nameOf(change.user), field: name, time: time(change.at) });
}
