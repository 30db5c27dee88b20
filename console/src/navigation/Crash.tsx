import { Panel, Text } from "@bigcommerce/big-design";

import { PageHeading } from "../parts/PageHeading.tsx";
import { t } from "../texts/t.ts";
import { Content } from "./Frame.styles.ts";

/** Our own fault in a page. */
export function Crash() {
  return (
    <Content as="main">
      <PageHeading text={t("failure.crash.heading")} />
      <Panel>
        <Text>{t("failure.crash.text")}</Text>
      </Panel>
    </Content>
  );
}
