import { Badge, Flex } from "@bigcommerce/big-design";
import { useEffect } from "react";
import styled from "styled-components";

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
      <Heading id={HEADING} tabIndex={-1}>
        {text}
      </Heading>
      {environment && <Badge {...environmentBadge(environment)} />}
    </Flex>
  );
}

/** As BigDesign's H1, whose light weight is made for its own typeface: in that of the system it is hard to read. */
const Heading = styled.h1`
  margin: 0;
  color: ${({ theme }) => theme.colors.secondary70};
  font-size: ${({ theme }) => theme.typography.fontSize.xxLarge};
  font-weight: ${({ theme }) => theme.typography.fontWeight.regular};
  line-height: ${({ theme }) => theme.lineHeight.xxLarge};
  outline: none;
`;
