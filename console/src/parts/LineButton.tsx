import styled from "styled-components";

import { t } from "../texts/t.ts";

interface Props {
  readonly id?: string;
  readonly text: string;
  /** What it acts on, for who does not see where it stands. */
  readonly about?: string;
  readonly onClick: () => void;
}

/** An action that looks like a link, of the size of the text around it. */
export function LineButton({ id, text, about, onClick }: Props) {
  return (
    <Line
      id={id}
      type="button"
      {...(about ? { "aria-label": t("action.of", { action: text, about }) } : {})}
      onClick={onClick}
    >
      {text}
    </Line>
  );
}

const Line = styled.button`
  margin: -${({ theme }) => theme.spacing.xxSmall} 0;
  padding: ${({ theme }) => theme.spacing.xxSmall} 0;
  border: none;
  background: none;
  color: ${({ theme }) => theme.colors.primary};
  font: inherit;
  line-height: inherit;
  text-align: start;
  cursor: pointer;

  &:hover {
    color: ${({ theme }) => theme.colors.primary70};
    text-decoration: underline;
  }

  &:focus-visible {
    border-radius: ${({ theme }) => theme.borderRadius.normal};
    outline: ${({ theme }) => theme.spacing.xxSmall} solid ${({ theme }) => theme.colors.primary20};
  }
`;
