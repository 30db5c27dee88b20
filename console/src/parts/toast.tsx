import { Alert } from "@bigcommerce/big-design";
import { useEffect, useSyncExternalStore } from "react";

const SHOWN_MS = 6000;

let shown = "";
const listeners = new Set<() => void>();

/** Says in passing that something was done. What needs anybody's attention belongs in a Callout. */
export function toast(text: string): void {
  shown = text;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Where it is said. BigDesign's AlertsManager has a close button without a name; this one needs none. */
export function Toast() {
  const text = useSyncExternalStore(subscribe, () => shown);
  useEffect(() => {
    if (text === "") return;
    const timer = setTimeout(() => {
      toast("");
    }, SHOWN_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [text]);
  return text === "" ? null : <Alert type="success" messages={[{ text }]} />;
}
