import { Text } from "@bigcommerce/big-design";
import { useEffect } from "react";
import { useBlocker } from "react-router";

import { Dialog } from "../parts/Dialog.tsx";
import { useSession, useStatus } from "../session/session.ts";
import { t } from "../texts/t.ts";
import { isSecret, type Field } from "./fields.ts";

interface Props {
  /** What would be lost. */
  readonly dirty: readonly Field[];
  readonly saving: boolean;
  readonly onSave: () => Promise<boolean>;
}

/** Asks before unsaved changes are left behind. */
export function UnsavedGuard({ dirty, saving, onSave }: Props) {
  const { drafts, owner } = useSession();
  const status = useStatus();
  const isDirty = dirty.length > 0;
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) => isDirty && currentLocation.pathname !== nextLocation.pathname,
  );

  useEffect(() => {
    if (!isDirty || status === "signed_out") return;
    const ask = (event: BeforeUnloadEvent): void => {
      const key = owner();
      const isKept = status === "ended" && key && drafts.of(key) && !dirty.some(isSecret);
      if (!isKept) event.preventDefault();
    };
    addEventListener("beforeunload", ask);
    return () => {
      removeEventListener("beforeunload", ask);
    };
  }, [isDirty, dirty, status, drafts, owner]);

  const stay = (): void => {
    blocker.reset?.();
  };
  return (
    <Dialog
      isOpen={blocker.state === "blocked"}
      heading={t("guard.heading")}
      onClose={stay}
      actions={[
        { text: t("guard.stay"), variant: "subtle" },
        { text: t("guard.discard"), variant: "secondary", onClick: () => blocker.proceed?.() },
        {
          text: saving ? t("guard.saving") : t("guard.save"),
          onClick: () => {
            void onSave().then((isSaved) => {
              if (isSaved) blocker.proceed?.();
              else stay();
            });
          },
        },
      ]}
    >
      <Text>{t("guard.text")}</Text>
    </Dialog>
  );
}
