import styled from "styled-components";

/** Where a product's options have room beside its name. */
export const WIDE = "@media (min-width: 60rem)";

export const Card = styled.li<{ readonly $isUnsaved: boolean }>`
  display: grid;
  grid-template-columns: 1.25rem minmax(0, 1fr);
  gap: ${({ theme }) => theme.spacing.small};
  padding: ${({ theme }) => `${theme.spacing.medium} 0`};
  border-top: ${({ theme }) => theme.border.box};
  outline: none;
  scroll-margin-top: ${({ theme }) => theme.spacing.xxLarge};
  box-shadow: ${({ $isUnsaved, theme }) =>
    $isUnsaved ? `-0.5rem 0 ${theme.colors.white}, -0.75rem 0 ${theme.colors.warning}` : "none"};

  ${WIDE} {
    grid-template-columns: 1.25rem minmax(0, 1fr) minmax(0, 32rem);
    gap: ${({ theme }) => theme.spacing.medium};
  }
`;

export const Head = styled.div`
  display: grid;
  gap: ${({ theme }) => theme.spacing.xxSmall};
  align-content: start;
  min-width: 0;
`;

export const Name = styled.h2`
  margin: 0;
  color: ${({ theme }) => theme.colors.secondary70};
  font-size: ${({ theme }) => theme.typography.fontSize.medium};
  font-weight: ${({ theme }) => theme.typography.fontWeight.semiBold};
  line-height: ${({ theme }) => theme.lineHeight.small};
  overflow-wrap: anywhere;
`;

export const Facts = styled.p`
  display: flex;
  flex-wrap: wrap;
  column-gap: ${({ theme }) => theme.spacing.small};
  margin: 0;
  color: ${({ theme }) => theme.colors.secondary60};
  font-size: ${({ theme }) => theme.typography.fontSize.small};
  line-height: ${({ theme }) => theme.lineHeight.small};
  overflow-wrap: anywhere;
`;

export const OpenLink = styled.a`
  color: ${({ theme }) => theme.colors.primary};
  text-decoration: underline;
  white-space: nowrap;

  svg {
    width: 0.875rem;
    height: 0.875rem;
    vertical-align: -0.125rem;
  }
`;

export const Actions = styled.div`
  display: flex;
  flex-wrap: wrap;
  gap: ${({ theme }) => `${theme.spacing.xSmall} ${theme.spacing.medium}`};
  align-items: center;
  min-height: 2rem;
  color: ${({ theme }) => theme.colors.secondary70};
`;
