/** An entry of the history, as a sentence. */
import type { Entry } from "../api/types.ts";
import { nameOf } from "../parts/people.ts";
import { hasDefault } from "../settings/fields.ts";
import { known, t, time } from "../texts/t.ts";

export function whoOf({ user }: Entry): string {
  return user ? nameOf(user) : t("history.app");
}

export function whatOf({ action, field, before, after }: Entry): string {
  const name = fieldName(field ?? "");
  switch (action) {
    case "setting_changed": {
      const without = t(hasDefault(field ?? "") ? "action.setting_changed.default" : "action.setting_changed.empty");
      const value = (text: string | null | undefined): string => {
        const shown = known(`value.${field ?? ""}.${text ?? ""}`, text ?? "");
        return shown === "" ? without : shown;
      };
      return t("action.setting_changed", { field: name, before: value(before), after: value(after) });
    }
    case "secret_set":
    case "secret_replaced":
    case "secret_removed":
      return t(`action.${action}`, { field: name });
    case "connection_tested":
      return t(after === "ok" ? "action.connection_tested.ok" : "action.connection_tested.failed", {
        field: known(`party.${field ?? ""}`, field ?? ""),
      });
    case "feed_confirmed":
    case "feed_retried":
    case "feed_cancelled":
      return t(`action.${action}`, { time: time(Number(after)) });
    case "product_discontinued":
    case "product_continued":
      return t(`action.${action}`, { name: after ?? "", id: field ?? "" });
    case "user_removed":
      return after ? t("action.user_removed", { user: after }) : t("action.user_removed.unknown");
    default:
      return known(`action.${action}`, [action, name].filter(Boolean).join(": "));
  }
}

/** A setting by its label; one without, by the name the service gives it. */
export function fieldName(field: string): string {
  return known(`field.${field}`, field);
}
