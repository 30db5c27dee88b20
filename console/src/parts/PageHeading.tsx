import { Badge, Flex, H1 } from "@bigcommerce/big-design";
import { useEffect } from "react";

import type { Environment } from "../api/types.ts";
import { t } from "../texts/t.ts";
import { environmentBadge } from "./environment.ts";

/** Focus goes here when another page is opened. */
export const HEADING = "page-heading";

interface Props {
  readonly text: string;
  readonly environment?: Environment | undefined;
}

/** The page's heading, and the window's title with it. BigDesign's Header has none that can take the focus. */
export function PageHeading({ text, environment }: Props) {
  useEffect(() => {
    document.title = t("app.title", { page: text });
  }, [text]);
  return (
    <Flex alignItems="center" flexDirection="row" flexGap="1rem" marginBottom="large">
      <H1 id={HEADING} tabIndex={-1} marginBottom="none">
        {text}
      </H1>
      {environment && <Badge {...environmentBadge(environment)} />}
    </Flex>
  );
}
