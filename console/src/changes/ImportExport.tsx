import { PageHeading } from "../parts/PageHeading.tsx";
import { t } from "../texts/t.ts";
import { ChangeList } from "./ChangeList.tsx";
import { ExportPanel } from "./ExportPanel.tsx";
import { ImportPanel } from "./ImportPanel.tsx";

/** Products as a file: out, and back in; and the history of what that and other changes did. */
export function ImportExport() {
  return (
    <>
      <PageHeading text={t("page.importExport")} />
      <ExportPanel />
      <ImportPanel />
      <ChangeList />
    </>
  );
}
