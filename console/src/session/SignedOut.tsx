import { Box, Panel } from "@bigcommerce/big-design";

import { Content } from "../navigation/Frame.styles.ts";
import { PageHeading } from "../parts/PageHeading.tsx";
import { t } from "../texts/t.ts";

/** All that is left when somebody signed out of the control panel. */
export function SignedOut() {
  return (
    <Content as="main" role="main">
      <Box marginTop="xLarge">
        <PageHeading text={t("session.out.heading")} />
        <Panel description={t("session.out.text")} />
      </Box>
    </Content>
  );
}
