import styled from "styled-components";

import { Rows } from "../parts/Row.tsx";

export const RowActions = styled.div`
  display: flex;
  flex-wrap: wrap;
  gap: ${({ theme }) => theme.spacing.medium};
  align-items: center;

  .bd-button {
    margin: 0;
  }
`;

/** Rows under something else. */
export const SpacedRows = styled(Rows)`
  margin-top: ${({ theme }) => theme.spacing.large};
`;

export const Plain = styled.ul`
  margin: 0;
  padding: 0;
  list-style: none;
  color: ${({ theme }) => theme.colors.secondary70};
  overflow-wrap: anywhere;

  > li {
    padding: ${({ theme }) => theme.spacing.small} 0;
    border-bottom: ${({ theme }) => theme.border.box};
  }
`;
