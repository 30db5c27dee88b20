import styled from "styled-components";

import type { Product } from "../api/catalog.ts";
import { LineButton } from "../parts/LineButton.tsx";
import { count, t } from "../texts/t.ts";

/** More than that nobody goes through in one go. */
const MOST = 20;

interface Props {
  readonly label: string;
  readonly products: readonly Product[];
  readonly onShow: (product: Product) => void;
}

/** Leads to products, on this page of the list or not. */
export function ProductLinks({ label, products, onShow }: Props) {
  const more = products.length - MOST;
  return (
    <List aria-label={label}>
      {products.slice(0, MOST).map((product) => (
        <li key={product.id}>
          <LineButton
            text={product.name}
            about={t("product.facts.plain", { id: product.id })}
            onClick={() => {
              onShow(product);
            }}
          />
        </li>
      ))}
      {more > 0 && <li>{count("products.more", more)}</li>}
    </List>
  );
}

const List = styled.ul`
  margin: 0 0 ${({ theme }) => theme.spacing.medium};
  padding-inline-start: ${({ theme }) => theme.spacing.large};
  color: ${({ theme }) => theme.colors.secondary70};
  overflow-wrap: anywhere;
`;
