import { useEffect, useRef } from "react";
import { useLocation } from "react-router";

import { HEADING } from "../parts/PageHeading.tsx";

/** Brings focus to the heading of a page that was opened; never at the start, when focus is the control panel's. */
export function useArrival(): void {
  const { pathname, hash } = useLocation();
  const shown = useRef(pathname);
  useEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    if (hash) return;
    scrollTo(0, 0);
    document.getElementById(HEADING)?.focus();
  }, [pathname, hash]);
}

/** Brings focus to what the address names after `#`, once `ready`. */
export function useAnchor(ready: boolean): void {
  const { hash, key } = useLocation();
  useEffect(() => {
    if (!ready || !hash) return;
    const target = document.getElementById(decodeURIComponent(hash.slice(1)));
    target?.scrollIntoView({ block: "center" });
    target?.focus({ preventScroll: true });
  }, [ready, hash, key]);
}
