import { Badge, type BadgeProps, Flex, Text } from "@bigcommerce/big-design";
import type { ReactNode } from "react";
import styled from "styled-components";

interface Props {
  readonly id: string;
  readonly title: string;
  readonly badge?: Pick<BadgeProps, "label" | "variant">;
  readonly text: string;
  /** A link or a button that leads on. */
  readonly action?: ReactNode;
  readonly children?: ReactNode;
}

/** One thing of a list: what it is, how it stands, and what to do. */
export function Row({ id, title, badge, text, action, children }: Props) {
  return (
    <Item id={id} data-state={badge?.label} tabIndex={-1}>
      <div>
        <Flex flexDirection="row" flexWrap="wrap" alignItems="center" flexGap="0.5rem">
          <Text as="span" bold marginBottom="none">
            {title}
          </Text>
          {badge && <Badge {...badge} />}
        </Flex>
        <Text color="secondary60" marginTop="xxSmall" marginBottom="none">
          {text}
        </Text>
        {children}
      </div>
      {action}
    </Item>
  );
}

export const Rows = styled.ul`
  margin: 0;
  padding: 0;
  list-style: none;
`;

const Item = styled.li`
  display: grid;
  justify-items: start;
  gap: ${({ theme }) => theme.spacing.small};
  padding: ${({ theme }) => theme.spacing.medium} 0;
  outline: none;

  & + & {
    border-top: ${({ theme }) => theme.border.box};
  }

  &:first-child {
    padding-top: 0;
  }

  &:last-child {
    padding-bottom: 0;
  }

  ${({ theme }) => theme.breakpoints.tablet} {
    grid-template-columns: 1fr auto;
    gap: ${({ theme }) => theme.spacing.xLarge};
    align-items: start;
  }

  > :first-child {
    justify-self: stretch;
  }

  /* BigDesign writes on a button that is off in nearly white. */
  .bd-button[disabled] {
    color: ${({ theme }) => theme.colors.secondary60};
  }
`;
