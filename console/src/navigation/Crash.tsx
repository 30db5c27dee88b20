import { Box, Panel } from "@bigcommerce/big-design";

import { PageHeading } from "../parts/PageHeading.tsx";
import { t } from "../texts/t.ts";
import { Content } from "./Frame.styles.ts";

/** Our own fault in a page. */
export function Crash() {
  return (
    <Content as="main">
      <Box marginTop="xLarge">
        <PageHeading text={t("failure.crash.heading")} />
        <Panel description={t("failure.crash.text")} />
      </Box>
    </Content>
  );
}
