import { ErrorIcon, WarningIcon } from "@bigcommerce/big-design-icons";
import type { ReactNode } from "react";
import styled from "styled-components";

interface Props {
  readonly kind: "warning" | "error";
  readonly id?: string;
  readonly children: ReactNode;
}

/** A sentence at what it is about. */
export function Note({ kind, id, children }: Props) {
  return (
    <Line id={id} data-note={kind}>
      {kind === "error" ? <ErrorIcon size="medium" color="danger" /> : <WarningIcon size="medium" color="warning60" />}
      <span>{children}</span>
    </Line>
  );
}

const Line = styled.div`
  display: flex;
  gap: ${({ theme }) => theme.spacing.xxSmall};
  align-items: flex-start;
  color: ${({ theme }) => theme.colors.secondary70};
  font-size: ${({ theme }) => theme.typography.fontSize.small};
  line-height: ${({ theme }) => theme.lineHeight.small};
  overflow-wrap: anywhere;

  &[data-note="error"] {
    color: ${({ theme }) => theme.colors.danger50};
  }

  svg {
    flex: none;
    width: 1.125rem;
    height: 1.125rem;
  }
`;
