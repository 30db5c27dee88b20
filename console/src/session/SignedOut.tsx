import { Panel, Text } from "@bigcommerce/big-design";

import { Content } from "../navigation/Frame.styles.ts";
import { PageHeading } from "../parts/PageHeading.tsx";
import { t } from "../texts/t.ts";

/** All that is left when somebody signed out of the control panel. */
export function SignedOut() {
  return (
    <Content as="main" role="main">
      <PageHeading text={t("session.out.heading")} />
      <Panel>
        <Text>{t("session.out.text")}</Text>
      </Panel>
    </Content>
  );
}
