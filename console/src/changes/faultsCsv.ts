/** The report of faults as a file for a spreadsheet. */
import type { RowFault } from "../api/catalog.ts";
import { t } from "../texts/t.ts";

/** UTF-8 with a mark at its beginning, by which Excel knows it. */
export function faultsCsv(faults: readonly RowFault[]): string {
  const header = [t("faults.row"), t("faults.column"), t("faults.product"), t("faults.reason"), t("faults.value")];
  const rows = faults.map(({ row, column, product_id, reason, value }) => [
    String(row ?? ""),
    column,
    String(product_id ?? ""),
    reason,
    value,
  ]);
  return `\ufeff${[header, ...rows].map((row) => `${row.map(cell).join(",")}\r\n`).join("")}`;
}

/** What a spreadsheet would take for a formula is marked as a text. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
