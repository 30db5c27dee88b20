import { useMemo, useState } from "react";
import { useLocation, useNavigate } from "react-router";

import { Callout } from "../parts/Callout.tsx";
import { t, time, type PlainKey } from "../texts/t.ts";
import { useOwner, useSession } from "./session.ts";

interface Props {
  readonly kind: "drafts" | "productDrafts" | "feedDrafts";
  /** The page that offers them itself. */
  readonly page: string;
  readonly text: "draft.text" | "draft.products.text" | "draft.feeds.text";
  readonly go: PlainKey;
}

/** On any page but that of the drafts: unsaved changes of a session that ended. */
export function DraftNotice({ kind, page, text, go }: Props) {
  const { [kind]: drafts } = useSession();
  const owner = useOwner();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const [dropped, setDropped] = useState(false);
  const draft = useMemo(() => (owner && pathname ? drafts.of(owner) : undefined), [drafts, owner, pathname]);
  if (!draft || dropped || pathname === page) return null;
  return (
    <Callout
      type="info"
      marginBottom="xLarge"
      header={t("draft.heading")}
      messages={[{ text: t(text, { time: time(draft.at) }) }]}
      actions={[
        { text: t(go), onClick: () => void navigate(page) },
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
