/** Which products are shown, as the address says it: going back, or opening the address again, shows the same. */
import { SHOWN, SORTS, type Show, type Sort } from "../api/catalog.ts";

export interface Query {
  readonly search: string;
  readonly show: Show;
  readonly sort: Sort;
  readonly page: number;
  readonly limit: number;
}

export const LIMITS = [25, 50, 100, 250] as const;
export const SEARCH_LENGTH = 200;

const PLAIN: Query = { search: "", show: "all", sort: "name", page: 1, limit: 25 };

/** The query of an address; what makes no sense there is left out. */
export function queryOf(address: URLSearchParams): Query {
  const page = Number(address.get("page"));
  return {
    search: (address.get("search") ?? "").trim().slice(0, SEARCH_LENGTH),
    show: SHOWN.find((show) => show === address.get("show")) ?? PLAIN.show,
    sort: SORTS.find((sort) => sort === address.get("sort")) ?? PLAIN.sort,
    page: Number.isSafeInteger(page) && page > 0 ? page : PLAIN.page,
    limit: LIMITS.find((limit) => limit === Number(address.get("limit"))) ?? PLAIN.limit,
  };
}

/** The address of a query: only what is not as always. */
export function addressOf(query: Query): URLSearchParams {
  const names = Object.keys(PLAIN) as (keyof Query)[];
  const said = names.filter((name) => query[name] !== PLAIN[name]);
  return new URLSearchParams(said.map((name) => [name, String(query[name])]));
}

/** Another selection begins at its first page. */
export function selecting(query: Query, part: Partial<Query>): Query {
  return { ...query, page: 1, ...part };
}

/** The query as the API takes it. */
export function parametersOf(query: Query): string {
  return new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)])).toString();
}

export function pagesOf(total: number, limit: number): number {
  return Math.max(1, Math.ceil(total / limit));
}
