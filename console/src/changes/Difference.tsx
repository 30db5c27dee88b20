import { Panel } from "@bigcommerce/big-design";
import { useCallback } from "react";
import styled from "styled-components";

import type { Change, ChangedProduct } from "../api/catalog.ts";
import { PagedList } from "../parts/PagedList.tsx";
import { Unseen } from "../parts/Unseen.ts";
import { usePaged } from "../parts/usePaged.ts";
import { useSession } from "../session/session.ts";
import { count, t } from "../texts/t.ts";
import { Plain } from "./changes.styles.ts";
import { linesOf } from "./difference.ts";

/** What a change does, product by product. */
export function Difference({ change: { id, state } }: { readonly change: Change }) {
  const { api } = useSession();
  const load = useCallback(
    async (from: number | null, signal?: AbortSignal) => {
      const page = await api.difference(id, from ?? 0, signal);
      return { items: page.products, next: page.next };
    },
    [api, id],
  );
  const paged = usePaged(load);
  return (
    <Panel
      header={t(state === "ready" ? "difference.heading" : "difference.heading.applied")}
      headerId="difference"
      description={t("difference.help")}
    >
      <PagedList
        paged={paged}
        loading={t("loading.difference")}
        status={(items) => count("difference.shown", items.length)}
        more={t("difference.more")}
      >
        {(items) => (
          <Plain aria-labelledby="difference">
            {items.map((product) => (
              <ProductItem key={product.id} product={product} />
            ))}
          </Plain>
        )}
      </PagedList>
    </Panel>
  );
}

function ProductItem({ product: { id, name, sku, before, after } }: { readonly product: ChangedProduct }) {
  return (
    <li data-product={id}>
      <Name>{name}</Name>
      <Facts>{sku === "" ? t("product.facts.plain", { id }) : t("product.facts", { sku, id })}</Facts>
      <Table aria-label={name}>
        <thead>
          <tr>
            <td />
            <th scope="col">{t("difference.before")}</th>
            <th scope="col">{t("difference.after")}</th>
          </tr>
        </thead>
        <tbody>
          {linesOf(before, after).map((line, index) => (
            <tr key={index} data-differs={line.differs}>
              <th scope="row">{line.label}</th>
              <td>{line.before}</td>
              <td>
                {line.differs ? (
                  <strong>
                    <Unseen>{t("difference.changed")} </Unseen>
                    {line.after}
                  </strong>
                ) : (
                  line.after
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
    </li>
  );
}

const Name = styled.h3`
  margin: 0;
  font-size: ${({ theme }) => theme.typography.fontSize.medium};
  font-weight: ${({ theme }) => theme.typography.fontWeight.semiBold};
`;

const Facts = styled.p`
  margin: 0 0 ${({ theme }) => theme.spacing.xSmall};
  color: ${({ theme }) => theme.colors.secondary60};
  font-size: ${({ theme }) => theme.typography.fontSize.small};
`;

const Table = styled.table`
  width: 100%;
  border-collapse: collapse;
  font-size: ${({ theme }) => theme.typography.fontSize.small};
  line-height: ${({ theme }) => theme.lineHeight.small};
  table-layout: fixed;

  th,
  td {
    padding: ${({ theme }) => `${theme.spacing.xxSmall} ${theme.spacing.xSmall}`};
    color: ${({ theme }) => theme.colors.secondary60};
    font-weight: ${({ theme }) => theme.typography.fontWeight.regular};
    text-align: start;
    vertical-align: top;
  }

  thead th {
    font-weight: ${({ theme }) => theme.typography.fontWeight.semiBold};
  }

  [data-differs="true"] > * {
    background: ${({ theme }) => theme.colors.warning10};
    color: ${({ theme }) => theme.colors.secondary70};
  }
`;
