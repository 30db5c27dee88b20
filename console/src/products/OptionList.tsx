import { useState } from "react";
import styled from "styled-components";

import type { Fault, Product } from "../api/catalog.ts";
import { LineButton } from "../parts/LineButton.tsx";
import { count, t } from "../texts/t.ts";
import type { Draft } from "./draft.ts";
import { OptionRow } from "./OptionRow.tsx";
import { WIDE } from "./ProductRow.styles.ts";

/** A product with more options shows so many at first; one that hides a single option would hide nothing worth it. */
const FEW = 6;

interface Props {
  readonly product: Product;
  readonly draft: Draft;
  readonly faults: readonly Fault[];
  readonly onEdit: (draft: Draft) => void;
}

/** The subscription options of a product, or why there are none. */
export function OptionList({ product, draft, faults, onEdit }: Props) {
  const { name, options, modifier } = product;
  const [showsAll, setShowsAll] = useState(false);
  if (options.length === 0) return <None>{whyNone(product)}</None>;
  const isLong = options.length > FEW + 1 && !showsAll && !faults.some(({ option_id }) => option_id !== null);
  return (
    <Group role="group" aria-label={t("product.options", { name })}>
      {modifier && <Modifier>{t("product.modifier", { name: modifier.display_name })}</Modifier>}
      <List>
        {(isLong ? options.slice(0, FEW) : options).map((option) => (
          <OptionRow
            key={option.option_id}
            product={product}
            option={option}
            draft={draft}
            faults={faults.filter(({ option_id }) => option_id === option.option_id)}
            onEdit={onEdit}
          />
        ))}
      </List>
      {isLong && (
        <LineButton
          text={count("product.options.all", options.length - FEW)}
          about={name}
          onClick={() => {
            setShowsAll(true);
          }}
        />
      )}
    </Group>
  );
}

function whyNone({ modifier, options_read }: Product): string {
  if (!options_read) return t("product.options.unread");
  return modifier ? t("product.options.empty", { name: modifier.display_name }) : t("product.options.none");
}

const None = styled.p`
  grid-column: 1 / -1;
  margin: 0;
  color: ${({ theme }) => theme.colors.secondary60};
  font-size: ${({ theme }) => theme.typography.fontSize.small};

  ${WIDE} {
    grid-column: 3;
  }
`;

const Group = styled.div`
  grid-column: 1 / -1;
  min-width: 0;

  ${WIDE} {
    grid-column: 3;
  }
`;

const Modifier = styled.p`
  margin: 0 0 ${({ theme }) => theme.spacing.xSmall};
  color: ${({ theme }) => theme.colors.secondary60};
  font-size: ${({ theme }) => theme.typography.fontSize.small};
  line-height: ${({ theme }) => theme.lineHeight.small};
  overflow-wrap: anywhere;
`;

const List = styled.ul`
  display: grid;
  gap: ${({ theme }) => theme.spacing.xSmall};
  margin: 0;
  padding: 0;
  list-style: none;
`;
