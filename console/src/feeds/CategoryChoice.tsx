import { Small } from "@bigcommerce/big-design";

import { Labelled, SwitchMark } from "../parts/controls.ts";
import { Note } from "../parts/Note.tsx";
import { idOf } from "../settings/fields.ts";
import { t } from "../texts/t.ts";
import { Hint } from "./feeds.styles.ts";

const ID = idOf("feeds.categories");

interface Props {
  /** "true" or "false". */
  readonly value: string;
  /** How feeds go: by one of the ways there is no category feed. */
  readonly channel: string;
  readonly error: string | undefined;
  readonly onChange: (value: string) => void;
}

/** Whether a category feed is sent, and what to know before that. */
export function CategoryChoice({ value, channel, error, onChange }: Props) {
  const isOn = value === "true";
  return (
    <div data-field="feeds.categories">
      <Labelled>
        <SwitchMark
          id={ID}
          checked={isOn}
          aria-describedby={`${ID}-help`}
          onChange={({ target }) => {
            onChange(String(target.checked));
          }}
        />
        {t("field.feeds.categories")}
      </Labelled>
      <Hint>
        <Small id={`${ID}-help`} marginBottom="none">
          {t("field.feeds.categories.help")}
        </Small>
        {isOn && channel === "rest" && <Note kind="warning">{t("field.feeds.categories.rest")}</Note>}
        {error && <Note kind="error">{error}</Note>}
      </Hint>
    </div>
  );
}
