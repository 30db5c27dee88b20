import { Text } from "@bigcommerce/big-design";
import { useEffect, useState } from "react";

import { Dialog } from "../parts/Dialog.tsx";
import { t } from "../texts/t.ts";
import { useSession, useStatus } from "./session.ts";

/** Keeps a session in use alive, and says when it is over. */
export function SessionDialogs() {
  const { api, renewal, setUser } = useSession();
  const status = useStatus();
  const [closed, setClosed] = useState(false);

  useEffect(() => {
    const events = ["pointerdown", "keydown"] as const;
    for (const event of events) addEventListener(event, renewal.active, { passive: true });
    return () => {
      for (const event of events) removeEventListener(event, renewal.active);
    };
  }, [renewal]);

  useEffect(() => {
    // A failure is shown by the page that loads beside this.
    api.session().then(
      ({ user }) => {
        setUser(user.id);
      },
      () => undefined,
    );
  }, [api, setUser]);

  return (
    <Dialog
      isOpen={status === "ended" && !closed}
      heading={t("session.ended.heading")}
      onClose={() => {
        setClosed(true);
      }}
      actions={[{ text: t("session.ended.close"), variant: "secondary" }]}
    >
      <Text>{t("session.ended.text")}</Text>
      <Text>{t("session.ended.drafts")}</Text>
    </Dialog>
  );
}
