/** A file to import, looked at before it is sent. */
import { sizeOf } from "../parts/words.ts";
import { t } from "../texts/t.ts";

export const MOST_BYTES = 95 * 1024 * 1024;

/** Why the file cannot be imported; nothing if it may be. */
export function hindranceOf({ name, size }: Pick<File, "name" | "size">): string | undefined {
  if (size === 0) return t("import.empty", { name });
  if (size > MOST_BYTES) return t("import.tooLarge", { name, size: sizeOf(size), limit: sizeOf(MOST_BYTES) });
  return undefined;
}
