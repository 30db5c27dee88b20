import { Panel, Text } from "@bigcommerce/big-design";

import type { Check, Party, Saved } from "../api/types.ts";
import { Rows } from "../parts/Row.tsx";
import { t, type PlainKey } from "../texts/t.ts";
import { Connection } from "./Connection.tsx";

const PARTIES: readonly Party[] = ["bigcommerce", "ordergroove", "sftp"];

const HINDRANCE = "hindrance";

interface Props {
  readonly help: PlainKey;
  /** How the last tests went; unknown until it was read. */
  readonly checks: readonly Check[] | undefined;
  /** Why nothing can be tested now. */
  readonly hindrance?: string | undefined;
  /** The fingerprint that is confirmed, where it is known. */
  readonly pinned?: string | undefined;
  readonly onTested: () => void;
  /** A fingerprint was confirmed, and so the settings changed. */
  readonly onSaved?: (saved: Saved) => void;
}

/** The services the app works with. */
export function Connections({ help, checks, hindrance, pinned, onTested, onSaved }: Props) {
  return (
    <Panel header={t("section.connections")} headerId="connections" description={t(help)}>
      {hindrance && <Text id={HINDRANCE}>{hindrance}</Text>}
      <Rows aria-labelledby="connections">
        {PARTIES.map((party) => (
          <Connection
            key={party}
            party={party}
            check={checks?.find(({ id }) => id === party)}
            hindrance={hindrance && HINDRANCE}
            pinned={pinned}
            onTested={onTested}
            onSaved={onSaved}
          />
        ))}
      </Rows>
    </Panel>
  );
}
