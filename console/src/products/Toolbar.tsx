import { useEffect, useState } from "react";
import styled from "styled-components";

import { SHOWN, SORTS, type ProductPage, type Show, type Sort } from "../api/catalog.ts";
import { SelectBox, Stacked, TextBox } from "../parts/controls.ts";
import { number, t } from "../texts/t.ts";
import { SEARCH_LENGTH, selecting, type Query } from "./query.ts";
import { countOf } from "./words.ts";

/** Typing pauses this long before anything is searched. */
const PAUSE_MS = 300;

interface Props {
  readonly query: Query;
  /** Unknown until the first answer. */
  readonly page: ProductPage | undefined;
  /** Shows another selection; one that only refines what is typed does not become a step to go back to. */
  readonly onQuery: (query: Query, isRefined?: boolean) => void;
}

/** Which products are shown, and in which order. */
export function Toolbar({ query, page, onQuery }: Props) {
  return (
    <Tools role="search" aria-label={t("products.list")}>
      <SearchBox query={query} onQuery={onQuery} />
      <Stacked>
        {t("products.show")}
        <SelectBox
          id="products-show"
          value={query.show}
          onChange={(event) => {
            onQuery(selecting(query, { show: event.target.value as Show }));
          }}
        >
          {SHOWN.map((show) => (
            <option key={show} value={show}>
              {page
                ? t("products.show.counted", { name: t(`products.show.${show}`), count: number(countOf(page, show)) })
                : t(`products.show.${show}`)}
            </option>
          ))}
        </SelectBox>
      </Stacked>
      <Stacked>
        {t("products.sort")}
        <SelectBox
          id="products-sort"
          value={query.sort}
          onChange={(event) => {
            onQuery(selecting(query, { sort: event.target.value as Sort }));
          }}
        >
          {SORTS.map((sort) => (
            <option key={sort} value={sort}>
              {t(`products.sort.${sort}`)}
            </option>
          ))}
        </SelectBox>
      </Stacked>
    </Tools>
  );
}

function SearchBox({ query, onQuery }: Omit<Props, "page">) {
  const { search } = query;
  const [box, setBox] = useState({ typed: search, sent: search, seen: search });
  // An address that did not come from here, such as by going back, is shown in place of what was typed.
  if (search !== box.seen) {
    setBox({ typed: search === box.sent ? box.typed : search, sent: search, seen: search });
  }
  const wanted = box.typed.trim();
  useEffect(() => {
    if (wanted === box.sent) return;
    const timer = setTimeout(() => {
      setBox((before) => ({ ...before, sent: wanted }));
      onQuery(selecting(query, { search: wanted }), query.search !== "");
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [wanted, box.sent, query, onQuery]);
  return (
    <Stacked>
      {t("products.search")}
      <TextBox
        id="products-search"
        type="search"
        placeholder={t("products.search.help")}
        maxLength={SEARCH_LENGTH}
        autoComplete="off"
        spellCheck={false}
        value={box.typed}
        onChange={(event) => {
          setBox((before) => ({ ...before, typed: event.target.value }));
        }}
        onKeyDown={(event) => {
          // It is searched anyway; Enter would save the form around it.
          if (event.key === "Enter") event.preventDefault();
        }}
      />
    </Stacked>
  );
}

const Tools = styled.div`
  display: grid;
  gap: ${({ theme }) => theme.spacing.medium};

  input::placeholder {
    color: ${({ theme }) => theme.colors.secondary60};
  }

  ${({ theme }) => theme.breakpoints.tablet} {
    grid-template-columns: minmax(0, 1fr) 14rem 12rem;
  }
`;
