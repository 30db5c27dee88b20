import { Text } from "@bigcommerce/big-design";
import { useEffect, useEffectEvent } from "react";
import { useBlocker } from "react-router";

import { Dialog } from "../parts/Dialog.tsx";
import { useStatus } from "../session/session.ts";
import { t } from "../texts/t.ts";

interface Props {
  readonly isDirty: boolean;
  /** What would be lost. */
  readonly text: string;
  /** Whether the session ended, and all of it is kept to be put back. */
  readonly isKept: () => boolean;
  readonly saving: boolean;
  readonly onSave: () => Promise<boolean>;
}

/** Asks before unsaved changes are left behind. */
export function UnsavedGuard({ isDirty, text, isKept, saving, onSave }: Props) {
  const status = useStatus();
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) => isDirty && currentLocation.pathname !== nextLocation.pathname,
  );

  const ask = useEffectEvent((event: BeforeUnloadEvent) => {
    if (!isKept()) event.preventDefault();
  });
  useEffect(() => {
    if (!isDirty || status === "signed_out") return;
    const leave = (event: BeforeUnloadEvent): void => {
      ask(event);
    };
    addEventListener("beforeunload", leave);
    return () => {
      removeEventListener("beforeunload", leave);
    };
  }, [isDirty, status]);

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
      <Text>{text}</Text>
    </Dialog>
  );
}
