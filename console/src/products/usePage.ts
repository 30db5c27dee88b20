import { useCallback, useMemo } from "react";
import { useSearchParams } from "react-router";

import type { ProductPage } from "../api/catalog.ts";
import type { Refusal } from "../api/refusal.ts";
import { useLoaded } from "../parts/useLoaded.ts";
import { useSession } from "../session/session.ts";
import { addressOf, parametersOf, queryOf, type Query } from "./query.ts";

export interface Listing {
  readonly query: Query;
  readonly show: (query: Query, isRefined?: boolean) => void;
  /** The newest answer, maybe still that of the query before. */
  readonly page: ProductPage | undefined;
  readonly isCurrent: boolean;
  readonly refusal: Refusal | undefined;
  readonly again: () => void;
}

/** The products that the address asks for. */
export function usePage(): Listing {
  const { api } = useSession();
  const [address, setAddress] = useSearchParams();
  const query = useMemo(() => queryOf(address), [address]);
  const parameters = parametersOf(query);
  const load = useCallback(
    async (signal: AbortSignal) => ({ parameters, page: await api.products(parameters, signal) }),
    [api, parameters],
  );
  const [loaded, again] = useLoaded(load);
  const show = useCallback(
    (wanted: Query, isRefined = false) => {
      setAddress(addressOf(wanted), { replace: isRefined });
    },
    [setAddress],
  );
  return {
    query,
    show,
    page: loaded.state === "ready" ? loaded.value.page : undefined,
    isCurrent: loaded.state === "ready" && loaded.value.parameters === parameters,
    refusal: loaded.state === "failed" ? loaded.refusal : undefined,
    again,
  };
}
