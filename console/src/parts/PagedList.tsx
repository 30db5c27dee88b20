import { Box, Small } from "@bigcommerce/big-design";
import type { ReactNode } from "react";

import { BusyButton } from "./BusyButton.tsx";
import { Failure } from "./Failure.tsx";
import { Skeleton } from "./Skeleton.tsx";
import type { Paged } from "./usePaged.ts";

interface Props<T> {
  readonly paged: Paged<T>;
  readonly loading: string;
  /** How many are shown, or that there is none. */
  readonly status: (items: readonly T[]) => string;
  readonly more: string;
  readonly children: (items: readonly T[]) => ReactNode;
}

/** A list that comes in parts, with what is known of it and a button for more. */
export function PagedList<T>({ paged, loading, status, more, children }: Props<T>) {
  const { items, refusal } = paged;
  return (
    <>
      {!items && !refusal && <Skeleton text={loading} rows={3} />}
      {items && items.length > 0 && children(items)}
      {items && (
        <Small role="status" marginTop="medium">
          {status(items)}
        </Small>
      )}
      {refusal && (
        <Box marginTop="small">
          <Failure refusal={refusal} onAgain={() => void paged.more()} />
        </Box>
      )}
      {paged.hasMore && (
        <BusyButton
          type="button"
          variant="secondary"
          busy={paged.loading ? loading : undefined}
          onClick={() => void paged.more()}
        >
          {more}
        </BusyButton>
      )}
    </>
  );
}
