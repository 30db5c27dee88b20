import { useEffect } from "react";

import { toast } from "../parts/toast.tsx";
import { t } from "../texts/t.ts";
import { undecided, type Editor } from "./editor.ts";
import { FIELDS, idOf } from "./fields.ts";
import { OUTCOME } from "./OutcomeMessage.tsx";

/** Says what came of saving, and leads to the first field that needs somebody. */
export function useOutcome(editor: Editor): void {
  const { outcome, tries } = editor;
  useEffect(() => {
    if (outcome.kind === "saved") toast(t("settings.saved"));
    // It is above the form, and the button that was clicked may be far below.
    if (outcome.kind === "failed") document.getElementById(OUTCOME)?.scrollIntoView({ block: "center" });
    const first = FIELDS.find(({ field }) =>
      outcome.kind === "invalid" ? editor.errors[field] : undecided(editor).includes(field),
    );
    if (first && ["invalid", "moved", "undecided"].includes(outcome.kind)) {
      const target = document.getElementById(idOf(first.field));
      target?.scrollIntoView({ block: "center" });
      target?.focus({ preventScroll: true });
    }
    // eslint-disable-next-line react-hooks/exhaustive-deps -- once for each try, not for what is typed after it
  }, [tries]);
}
