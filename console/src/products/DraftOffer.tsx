import { useMemo, useState } from "react";

import { Callout } from "../parts/Callout.tsx";
import { useOwner, useSession } from "../session/session.ts";
import { t, time } from "../texts/t.ts";
import type { Event, Unsaved } from "./unsaved.ts";

interface Props {
  readonly unsaved: Unsaved;
  readonly dispatch: (event: Event) => void;
}

/** Unsaved edits of a session that ended, to be put back or discarded. */
export function DraftOffer({ unsaved, dispatch }: Props) {
  const { productDrafts } = useSession();
  const owner = useOwner();
  const [isOver, setIsOver] = useState(false);
  const draft = useMemo(() => (owner ? productDrafts.of(owner) : undefined), [productDrafts, owner]);
  if (!draft || isOver || unsaved.size > 0) return null;
  const end = (): void => {
    productDrafts.drop();
    setIsOver(true);
  };
  return (
    <Callout
      type="info"
      header={t("draft.heading")}
      messages={[{ text: t("draft.products.text", { time: time(draft.at) }) }]}
      actions={[
        {
          text: t("draft.restore"),
          onClick: () => {
            dispatch({ type: "restored", entries: draft.edits });
            end();
          },
        },
        { text: t("draft.drop"), variant: "subtle", onClick: end },
      ]}
    />
  );
}
