import type { User } from "../api/types.ts";
import { t } from "../texts/t.ts";

/** A user by e-mail, which BigCommerce does not always tell. */
export function nameOf(user: User | null): string {
  if (!user) return t("someone");
  return user.email === "" ? t("someone.number", { id: user.id }) : user.email;
}
