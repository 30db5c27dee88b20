import { Box, Text } from "@bigcommerce/big-design";
import { Outlet } from "react-router";

import { DraftNotice } from "../session/DraftNotice.tsx";
import { SessionDialogs } from "../session/SessionDialogs.tsx";
import { useStatus } from "../session/session.ts";
import { SignedOut } from "../session/SignedOut.tsx";
import { t } from "../texts/t.ts";
import { Content, Masthead, SkipLink } from "./Frame.styles.ts";
import { Navigation } from "./Navigation.tsx";
import { useArrival } from "./useArrival.ts";

/** What is around every page. */
export function Frame() {
  const status = useStatus();
  useArrival();
  if (status === "signed_out") return <SignedOut />;
  return (
    <>
      <SkipLink href="#content">{t("app.skip")}</SkipLink>
      <Masthead>
        <Content>
          <Text bold marginBottom="none">
            {t("app.name")}
          </Text>
          <Navigation />
        </Content>
      </Masthead>
      <Content as="main" id="content" tabIndex={-1}>
        <Box marginTop="xLarge">
          <DraftNotice kind="drafts" page="/settings" text="draft.text" go="draft.go" />
          <DraftNotice kind="productDrafts" page="/products" text="draft.products.text" go="draft.products.go" />
          <DraftNotice kind="feedDrafts" page="/feeds" text="draft.feeds.text" go="draft.feeds.go" />
          <Outlet />
        </Box>
      </Content>
      <SessionDialogs />
    </>
  );
}
