import styled from "styled-components";

/** Under the words of a mark, in line with them. */
export const Hint = styled.div`
  display: grid;
  gap: ${({ theme }) => theme.spacing.xxSmall};
  margin-inline-start: 1.75rem;
`;

export const Choices = styled.fieldset`
  display: grid;
  gap: ${({ theme }) => theme.spacing.small};
  margin: 0;
  padding: 0;
  border: none;
  outline: none;

  legend {
    margin-bottom: ${({ theme }) => theme.spacing.xSmall};
    padding: 0;
    color: ${({ theme }) => theme.colors.secondary70};
    font-weight: ${({ theme }) => theme.typography.fontWeight.semiBold};
  }
`;
