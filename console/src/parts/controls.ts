/** The browser's own controls in BigDesign's looks: a page of products has hundreds, too many for its components. */
import styled, { css } from "styled-components";

const focus = css`
  outline: none;
  box-shadow: 0 0 0 ${({ theme }) => theme.spacing.xxSmall} ${({ theme }) => theme.colors.primary20};
`;

const box = css`
  box-sizing: border-box;
  height: 2.25rem;
  padding: 0 ${({ theme }) => theme.spacing.xSmall};
  border: 1px solid ${({ theme }) => theme.colors.secondary50};
  border-radius: ${({ theme }) => theme.borderRadius.normal};
  background: ${({ theme }) => theme.colors.white};
  color: ${({ theme }) => theme.colors.secondary70};
  font: inherit;

  &:focus {
    ${focus}
  }

  &[aria-invalid="true"] {
    border-color: ${({ theme }) => theme.colors.danger40};
  }
`;

export const TextBox = styled.input`
  ${box}
`;

export const SelectBox = styled.select`
  ${box}
`;

const mark = css`
  flex: none;
  width: 1.25rem;
  height: 1.25rem;
  margin: 0;
  accent-color: ${({ theme }) => theme.colors.primary};
  cursor: pointer;

  &:focus-visible {
    border-radius: ${({ theme }) => theme.borderRadius.normal};
    ${focus}
  }
`;

export const CheckMark = styled.input.attrs({ type: "checkbox" })`
  ${mark}
`;

export const RadioMark = styled.input.attrs({ type: "radio" })`
  ${mark}

  &:focus-visible {
    border-radius: ${({ theme }) => theme.borderRadius.circle};
  }
`;

/** On or off. */
export const SwitchMark = styled.input.attrs({ type: "checkbox", role: "switch" })`
  position: relative;
  flex: none;
  width: 2.5rem;
  height: 1.375rem;
  margin: 0;
  border-radius: 1rem;
  background: ${({ theme }) => theme.colors.secondary50};
  cursor: pointer;
  appearance: none;

  &::before {
    position: absolute;
    top: 0.1875rem;
    inset-inline-start: 0.1875rem;
    width: 1rem;
    height: 1rem;
    border-radius: ${({ theme }) => theme.borderRadius.circle};
    background: ${({ theme }) => theme.colors.white};
    content: "";
    transition: inset-inline-start 100ms;
  }

  &:disabled {
    background: ${({ theme }) => theme.colors.secondary30};
    cursor: not-allowed;
  }

  &:checked {
    background: ${({ theme }) => theme.colors.primary};
  }

  &:checked::before {
    inset-inline-start: 1.3125rem;
  }

  &:focus-visible {
    ${focus}
  }

  @media (forced-colors: active) {
    appearance: auto;
  }
`;

/** A control with its words beside it. */
export const Labelled = styled.label`
  display: inline-flex;
  gap: ${({ theme }) => theme.spacing.xSmall};
  align-items: center;
  color: ${({ theme }) => theme.colors.secondary70};
  cursor: pointer;
`;

/** Words above their control. */
export const Stacked = styled.label`
  display: grid;
  gap: ${({ theme }) => theme.spacing.xxSmall};
  color: ${({ theme }) => theme.colors.secondary70};
  font-size: ${({ theme }) => theme.typography.fontSize.small};
  font-weight: ${({ theme }) => theme.typography.fontWeight.semiBold};

  > input,
  > select {
    width: 100%;
    font-size: ${({ theme }) => theme.typography.fontSize.medium};
    font-weight: ${({ theme }) => theme.typography.fontWeight.regular};
  }
`;
