import { Panel } from "@bigcommerce/big-design";

import { PageHeading } from "../parts/PageHeading.tsx";
import { t } from "../texts/t.ts";
import { PageLink } from "./PageLink.tsx";

/** An address without a page. */
export function Missing() {
  return (
    <>
      <PageHeading text={t("missing.heading")} />
      <Panel description={t("missing.text")}>
        <PageLink to="/">{t("missing.link")}</PageLink>
      </Panel>
    </>
  );
}
