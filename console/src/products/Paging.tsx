import { Button } from "@bigcommerce/big-design";
import styled from "styled-components";

import type { ProductPage } from "../api/catalog.ts";
import { Labelled, SelectBox } from "../parts/controls.ts";
import { number, t } from "../texts/t.ts";
import { LIMITS, pagesOf, selecting, type Query } from "./query.ts";

interface Props {
  readonly query: Query;
  readonly page: ProductPage;
  readonly onPage: (query: Query) => void;
}

/** Which page of the list is shown, and how long a page is. */
export function Paging({ query, page: { total, limit }, onPage }: Props) {
  const pages = pagesOf(total, limit);
  if (total <= LIMITS[0] && query.page === 1) return null;
  const turn = (by: number) => ({
    disabled: query.page + by < 1 || query.page + by > pages,
    onClick: () => {
      onPage({ ...query, page: query.page + by });
    },
  });
  return (
    <Bar aria-label={t("products.paging")}>
      <Labelled>
        {t("products.limit")}
        <SelectBox
          value={limit}
          onChange={(event) => {
            const chosen = LIMITS.find((each) => each === Number(event.target.value)) ?? LIMITS[0];
            onPage(selecting(query, { limit: chosen }));
          }}
        >
          {LIMITS.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </SelectBox>
      </Labelled>
      <Turn>
        <Button type="button" variant="secondary" mobileWidth="auto" id="previous-page" {...turn(-1)}>
          {t("products.previous")}
        </Button>
        <span>{t("products.page", { page: number(query.page), pages: number(pages) })}</span>
        <Button type="button" variant="secondary" mobileWidth="auto" id="next-page" {...turn(1)}>
          {t("products.next")}
        </Button>
      </Turn>
    </Bar>
  );
}

const Bar = styled.nav`
  display: flex;
  flex-wrap: wrap;
  gap: ${({ theme }) => theme.spacing.medium};
  align-items: center;
  justify-content: space-between;
  padding-top: ${({ theme }) => theme.spacing.medium};
  border-top: ${({ theme }) => theme.border.box};
  color: ${({ theme }) => theme.colors.secondary70};
`;

const Turn = styled.div`
  display: flex;
  gap: ${({ theme }) => theme.spacing.small};
  align-items: center;

  .bd-button {
    margin: 0;
  }

  /* BigDesign writes on a button that is off in nearly white. */
  .bd-button[disabled] {
    color: ${({ theme }) => theme.colors.secondary60};
  }
`;
