import styled from "styled-components";

export const Masthead = styled.header`
  padding-top: ${({ theme }) => theme.spacing.medium};
  border-bottom: ${({ theme }) => theme.border.box};
  background: ${({ theme }) => theme.colors.white};
`;

export const Content = styled.div`
  box-sizing: border-box;
  max-width: 70rem;
  margin: 0 auto;
  padding: 0 ${({ theme }) => theme.spacing.medium};
  outline: none;

  ${({ theme }) => theme.breakpoints.tablet} {
    padding: 0 ${({ theme }) => theme.spacing.xxLarge};
  }
`;

/** Seen when it has the focus. */
export const SkipLink = styled.a`
  position: absolute;
  inset-inline-start: -100rem;
  z-index: ${({ theme }) => theme.zIndex.modal};
  padding: ${({ theme }) => theme.spacing.small};
  background: ${({ theme }) => theme.colors.white};
  color: ${({ theme }) => theme.colors.primary};

  &:focus {
    inset-inline-start: 0;
  }
`;
