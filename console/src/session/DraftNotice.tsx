import { useMemo, useState } from "react";
import { useLocation, useNavigate } from "react-router";

import { Callout } from "../parts/Callout.tsx";
import { t, time } from "../texts/t.ts";
import { useOwner, useSession } from "./session.ts";

/** On any page but the settings, which offer them themselves: unsaved changes of a session that ended. */
export function DraftNotice() {
  const { drafts } = useSession();
  const owner = useOwner();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const [dropped, setDropped] = useState(false);
  const draft = useMemo(() => (owner && pathname ? drafts.of(owner) : undefined), [drafts, owner, pathname]);
  if (!draft || dropped || pathname === "/settings") return null;
  return (
    <Callout
      type="info"
      marginBottom="xLarge"
      header={t("draft.heading")}
      messages={[{ text: t("draft.text", { time: time(draft.at) }) }]}
      actions={[
        { text: t("draft.go"), onClick: () => void navigate("/settings") },
        {
          text: t("draft.drop"),
          variant: "subtle",
          onClick: () => {
            drafts.drop();
            setDropped(true);
          },
        },
      ]}
    />
  );
}
