import { Box, Text } from "@bigcommerce/big-design";
import { useState } from "react";
import styled from "styled-components";

import { Refusal } from "../api/refusal.ts";
import type { Saved } from "../api/types.ts";
import { BusyButton } from "../parts/BusyButton.tsx";
import { Dialog } from "../parts/Dialog.tsx";
import { Failure } from "../parts/Failure.tsx";
import { toast } from "../parts/toast.tsx";
import { useSession } from "../session/session.ts";
import { t } from "../texts/t.ts";

interface Props {
  /** Of the key that the server has now. */
  readonly fingerprint: string;
  readonly onConfirmed: (saved: Saved) => void;
}

/** Has somebody compare the key of the server with what Ordergroove says it is, once. */
export function ConfirmKey({ fingerprint, onConfirmed }: Props) {
  const { api } = useSession();
  /** The settings as they are when the question is asked. */
  const [asked, setAsked] = useState<Saved>();
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();

  const attempt = async (work: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setRefusal(undefined);
    try {
      await work();
    } catch (thrown) {
      setRefusal(Refusal.of(thrown));
    }
    setBusy(false);
  };
  const ask = (): Promise<void> =>
    attempt(async () => {
      setAsked(await api.settings());
    });
  const confirm = (version: string): Promise<void> =>
    attempt(async () => {
      setAsked(undefined);
      const saved = await api.saveSettings({ sftp: { host_key: fingerprint } }, version);
      toast(t("key.confirmed"));
      onConfirmed(saved);
    });

  const before = asked?.settings.sftp.host_key ?? "";
  return (
    <>
      {refusal && <Failure refusal={refusal} />}
      <BusyButton
        type="button"
        variant="secondary"
        busy={busy ? t("key.busy") : undefined}
        onClick={() => void ask()}
        id="compare-key"
      >
        {t("key.compare")}
      </BusyButton>
      {asked && (
        <Dialog
          isOpen
          heading={t(before === "" ? "key.heading" : "key.changed.heading")}
          onClose={() => {
            setAsked(undefined);
          }}
          actions={[
            { text: t("key.stay"), variant: "subtle" },
            {
              text: t(before === "" ? "key.confirm" : "key.changed.confirm"),
              ...(before === "" ? {} : { actionType: "destructive" as const }),
              onClick: () => void confirm(asked.version),
            },
          ]}
        >
          <Text>{t(before === "" ? "key.why" : "key.changed.why")}</Text>
          {before !== "" && (
            <Box marginBottom="medium">
              <Text marginBottom="xxSmall">{t("key.before")}</Text>
              <Fingerprint>{before}</Fingerprint>
            </Box>
          )}
          <Text marginBottom="xxSmall">{t(before === "" ? "key.now" : "key.changed.now")}</Text>
          <Fingerprint data-test="fingerprint">{fingerprint}</Fingerprint>
          <Text marginTop="medium">{t("key.how")}</Text>
        </Dialog>
      )}
    </>
  );
}

const Fingerprint = styled.code`
  display: block;
  padding: ${({ theme }) => theme.spacing.xSmall};
  background: ${({ theme }) => theme.colors.secondary20};
  color: ${({ theme }) => theme.colors.secondary70};
  font-size: ${({ theme }) => theme.typography.fontSize.medium};
  overflow-wrap: anywhere;
  user-select: all;
`;
