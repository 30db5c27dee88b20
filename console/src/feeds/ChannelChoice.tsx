import { Small } from "@bigcommerce/big-design";

import type { Channel } from "../api/feeds.ts";
import { Labelled, RadioMark } from "../parts/controls.ts";
import { Note } from "../parts/Note.tsx";
import { idOf } from "../settings/fields.ts";
import { t } from "../texts/t.ts";
import { Choices, Hint } from "./feeds.styles.ts";

const ID = idOf("feeds.channel");
const CHANNELS: readonly Channel[] = ["sftp", "rest"];

interface Props {
  readonly channel: string;
  readonly error: string | undefined;
  readonly onChange: (channel: string) => void;
}

/** How feeds reach Ordergroove. */
export function ChannelChoice({ channel, error, onChange }: Props) {
  return (
    <Choices id={ID} tabIndex={-1}>
      <legend>{t("field.feeds.channel")}</legend>
      {CHANNELS.map((each) => (
        <div key={each}>
          <Labelled>
            <RadioMark
              name={ID}
              id={`channel-${each}`}
              checked={channel === each}
              aria-describedby={`channel-${each}-help`}
              onChange={() => {
                onChange(each);
              }}
            />
            {t(`channel.${each}`)}
          </Labelled>
          <Hint>
            <Small id={`channel-${each}-help`} marginBottom="none">
              {t(`channel.${each}.help`)}
            </Small>
          </Hint>
        </div>
      ))}
      {error && <Note kind="error">{error}</Note>}
    </Choices>
  );
}
