import { useMemo, useState } from "react";

import { Callout } from "../parts/Callout.tsx";
import { useOwner, useSession } from "../session/session.ts";
import { t, time } from "../texts/t.ts";
import { unsaved, type Editor, type Event } from "./editor.ts";

interface Props {
  readonly kind: "drafts" | "feedDrafts";
  readonly text: "draft.text" | "draft.feeds.text";
  readonly editor: Editor;
  readonly dispatch: (event: Event) => void;
}

/** Unsaved changes of a session that ended, to be put back or discarded. */
export function DraftOffer({ kind, text, editor, dispatch }: Props) {
  const { [kind]: drafts } = useSession();
  const owner = useOwner();
  const [isOver, setIsOver] = useState(false);
  const draft = useMemo(() => (owner ? drafts.of(owner) : undefined), [drafts, owner]);
  if (!draft || isOver || unsaved(editor).length > 0) return null;
  const end = (): void => {
    drafts.drop();
    setIsOver(true);
  };
  return (
    <Callout
      type="info"
      header={t("draft.heading")}
      messages={[{ text: t(text, { time: time(draft.at) }) }]}
      actions={[
        {
          text: t("draft.restore"),
          onClick: () => {
            dispatch({ type: "draft_restored", edits: draft.edits, base: draft.base });
            end();
          },
        },
        { text: t("draft.drop"), variant: "subtle", onClick: end },
      ]}
    />
  );
}
