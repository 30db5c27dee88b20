import { Link } from "@bigcommerce/big-design";
import type { ReactNode } from "react";
import { useHref, useLinkClickHandler } from "react-router";

/** A link to a page of the console that looks like every other link. */
export function PageLink({ to, children }: { readonly to: string; readonly children: ReactNode }) {
  return (
    <Link href={useHref(to)} onClick={useLinkClickHandler(to)}>
      {children}
    </Link>
  );
}
