import { Button, Flex, Small } from "@bigcommerce/big-design";
import styled, { createGlobalStyle } from "styled-components";

import { t } from "../texts/t.ts";
import { BusyButton } from "./BusyButton.tsx";

interface Props {
  /** What is not saved, in words; empty when there is nothing. */
  readonly unsaved: string;
  readonly saving: boolean;
  readonly onDiscard: () => void;
}

/** Stays in sight while there is something to save. */
export function SaveBar({ unsaved, saving, onDiscard }: Props) {
  const sticks = unsaved !== "";
  return (
    <>
      {sticks && <Room />}
      <Bar $sticks={sticks} data-test="save-bar">
        <Small role="status" marginBottom="none">
          {unsaved}
        </Small>
        <Flex flexDirection="row" flexGap="0.5rem">
          {sticks && !saving && (
            <Button type="button" variant="subtle" mobileWidth="auto" onClick={onDiscard}>
              {t("settings.discard")}
            </Button>
          )}
          <BusyButton type="submit" id="save" busy={saving ? t("settings.saving") : undefined}>
            {t("settings.save")}
          </BusyButton>
        </Flex>
      </Bar>
    </>
  );
}

/** What has the focus is brought above the bar, not under it. */
const Room = createGlobalStyle`
  html {
    scroll-padding-bottom: 7rem;
  }
`;

const Bar = styled.div<{ readonly $sticks: boolean }>`
  position: ${({ $sticks }) => ($sticks ? "sticky" : "static")};
  bottom: 0;
  z-index: ${({ theme }) => theme.zIndex.sticky};
  display: flex;
  flex-wrap: wrap;
  gap: ${({ theme }) => theme.spacing.small};
  align-items: center;
  justify-content: space-between;
  margin-bottom: ${({ theme }) => theme.spacing.xLarge};
  padding: ${({ theme }) => `${theme.spacing.small} 0`};
  background: ${({ theme }) => theme.colors.secondary10};
  border-top: ${({ $sticks, theme }) => ($sticks ? theme.border.box : "none")};

  > :last-child {
    margin-inline-start: auto;
  }

  .bd-button {
    margin: 0;
  }
`;
