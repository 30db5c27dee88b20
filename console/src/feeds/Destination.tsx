import { Box, Panel, Text } from "@bigcommerce/big-design";
import styled from "styled-components";

import type { Destination as Where } from "../api/feeds.ts";
import type { Saved } from "../api/types.ts";
import { Connection } from "../connections/Connection.tsx";
import { fieldName } from "../history/words.ts";
import { PageLink } from "../navigation/PageLink.tsx";
import { Facts } from "../parts/Facts.tsx";
import { Note } from "../parts/Note.tsx";
import { Rows } from "../parts/Row.tsx";
import { useLoaded } from "../parts/useLoaded.ts";
import { useSession } from "../session/session.ts";
import { idOf, type Field } from "../settings/fields.ts";
import { t } from "../texts/t.ts";

interface Props {
  readonly destination: Where;
  /** A fingerprint was confirmed, and so the settings changed. */
  readonly onSaved: (saved: Saved) => void;
}

/** Where feeds go, what is missing for it, and whether it works. */
export function Destination({ destination, onSaved }: Props) {
  const { channel, address, missing, host_key } = destination;
  const { api } = useSession();
  const [overview, readOverview] = useLoaded(api.overview);
  const party = channel === "sftp" ? "sftp" : "ordergroove";
  // An address without its user or its file is none.
  const isKnown = !missing.includes("sftp.username") && !missing.includes("ordergroove.merchant_id");
  const checks = overview.state === "ready" ? overview.value.checks : undefined;
  return (
    <Panel header={t("destination.heading")} headerId="destination" description={t("destination.help")}>
      {missing.length > 0 && <Missing fields={missing} />}
      <Facts
        facts={[
          [t("destination.address"), isKnown ? address : t("destination.unknown")],
          ...(channel === "sftp" ? [[t("destination.key"), host_key || t("destination.key.none")] as const] : []),
        ]}
      />
      <Text marginTop="small">
        <PageLink to={`/settings#${channel === "sftp" ? idOf("sftp.host") : idOf("ordergroove.rest_url")}`}>
          {t("destination.settings")}
        </PageLink>
      </Text>
      <Box marginTop="large">
        <Rows aria-labelledby="destination">
          <Connection
            party={party}
            check={checks?.find(({ id }) => id === party)}
            pinned={channel === "sftp" ? host_key : undefined}
            onTested={readOverview}
            onSaved={onSaved}
          />
        </Rows>
      </Box>
    </Panel>
  );
}

function Missing({ fields }: { readonly fields: readonly string[] }) {
  return (
    <Lacking data-test="missing">
      <Note kind="warning">{t("destination.missing")}</Note>
      <ul>
        {fields.map((field) => (
          <li key={field}>
            {field === "sftp.host_key" ? (
              t("destination.missing.key", { name: fieldName(field) })
            ) : (
              <PageLink to={`/settings#${idOf(field as Field)}`}>{fieldName(field)}</PageLink>
            )}
          </li>
        ))}
      </ul>
    </Lacking>
  );
}

const Lacking = styled.div`
  margin-bottom: ${({ theme }) => theme.spacing.large};

  ul {
    margin: ${({ theme }) => theme.spacing.xxSmall} 0 0;
    padding-inline-start: 1.375rem;
    color: ${({ theme }) => theme.colors.secondary70};
    list-style: none;
  }
`;
