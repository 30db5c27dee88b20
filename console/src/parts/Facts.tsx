import styled from "styled-components";

import { Breakable } from "./Breakable.tsx";

/** Names and values. */
export function Facts({ facts }: { readonly facts: readonly (readonly [string, string])[] }) {
  return (
    <List>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <Breakable text={value} />
          </dd>
        </div>
      ))}
    </List>
  );
}

const List = styled.dl`
  display: grid;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 16rem), 1fr));
  gap: ${({ theme }) => theme.spacing.medium};
  margin: 0;
  color: ${({ theme }) => theme.colors.secondary70};

  dt {
    color: ${({ theme }) => theme.colors.secondary60};
    font-size: ${({ theme }) => theme.typography.fontSize.small};
  }

  dd {
    margin: 0;
    overflow-wrap: anywhere;
  }
`;
