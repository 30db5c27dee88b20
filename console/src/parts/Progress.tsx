import styled from "styled-components";

import { percentOf } from "./words.ts";

interface Props {
  readonly label: string;
  readonly done: number;
  /** 0 while it is not known how much there is. */
  readonly total: number;
}

/** How far something is. */
export function Progress({ label, done, total }: Props) {
  const percent = percentOf(done, total);
  return (
    <Track
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(percent === undefined ? {} : { "aria-valuenow": percent })}
    >
      <Filled style={{ width: `${percent ?? 0}%` }} />
    </Track>
  );
}

const Track = styled.div`
  height: 0.5rem;
  border-radius: ${({ theme }) => theme.borderRadius.normal};
  background: ${({ theme }) => theme.colors.secondary30};
  overflow: hidden;
`;

const Filled = styled.div`
  height: 100%;
  background: ${({ theme }) => theme.colors.primary};
  transition: width 300ms;
`;
