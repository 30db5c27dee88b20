import styled from "styled-components";

import { Unseen } from "./Unseen.ts";

interface Props {
  readonly text: string;
  readonly rows?: number;
}

/** Where a list will be, while it is on its way. */
export function Skeleton({ text, rows = 6 }: Props) {
  return (
    <div role="status">
      <Unseen>{text}</Unseen>
      {Array.from({ length: rows }, (_, row) => (
        <Bars key={row} aria-hidden="true" />
      ))}
    </div>
  );
}

const Bars = styled.div`
  height: 3rem;
  margin: ${({ theme }) => theme.spacing.large} 0;
  border-radius: ${({ theme }) => theme.borderRadius.normal};
  background:
    linear-gradient(${({ theme }) => `${theme.colors.secondary20} 0 0`}) 0 0 / 40% 1.25rem no-repeat,
    linear-gradient(${({ theme }) => `${theme.colors.secondary20} 0 0`}) 0 2rem / 25% 0.875rem no-repeat,
    linear-gradient(${({ theme }) => `${theme.colors.secondary20} 0 0`}) 100% 0 / 45% 2.25rem no-repeat;
`;
