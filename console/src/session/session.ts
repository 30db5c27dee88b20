/** The session as the whole console sees it: its API, whether it is alive, and whose it is. */
import { createContext, useContext, useSyncExternalStore } from "react";

import { createApi, type Api } from "../api/client.ts";
import {
  feedDraftsIn,
  productDraftsIn,
  settingsDraftsIn,
  type Drafts,
  type ProductsDraft,
  type SettingsDraft,
} from "./drafts.ts";
import type { Opening } from "./page.ts";
import { createRenewal, type Renewal } from "./renewal.ts";

export type Status = "live" | "ended" | "signed_out";

export interface SessionHandle {
  readonly api: Api;
  readonly drafts: Drafts<SettingsDraft>;
  readonly productDrafts: Drafts<ProductsDraft>;
  readonly feedDrafts: Drafts<SettingsDraft>;
  readonly renewal: Renewal;
  readonly status: () => Status;
  readonly subscribe: (listener: () => void) => () => void;
  /** Closes the console for good; the service is told. */
  readonly signOut: () => void;
  /** Names the app and its user, once known; drafts belong to it. */
  readonly owner: () => string | undefined;
  readonly setUser: (id: number) => void;
}

export function createSession({ token, clientId }: Opening): SessionHandle {
  let status: Status = "live";
  let owner: string | undefined;
  const listeners = new Set<() => void>();
  const become = (next: Status): void => {
    if (status === next || status === "signed_out") return;
    status = next;
    for (const listener of listeners) listener();
  };
  const drafts = settingsDraftsIn(() => sessionStorage);
  const productDrafts = productDraftsIn(() => sessionStorage);
  const feedDrafts = feedDraftsIn(() => sessionStorage);
  const api = createApi(token, {
    answered: () => {
      renewal.answered();
    },
    ended: () => {
      become("ended");
    },
  });
  const renewal = createRenewal(
    () => api.session(),
    () => Date.now(),
  );
  return {
    api,
    drafts,
    productDrafts,
    feedDrafts,
    renewal,
    status: () => status,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    signOut: () => {
      become("signed_out");
      drafts.drop();
      productDrafts.drop();
      feedDrafts.drop();
      // Nobody is left to be told of a failure; the session then ends by itself.
      api.endSession().catch(() => undefined);
    },
    owner: () => owner,
    setUser: (id) => {
      owner = `${clientId}:${id}`;
      for (const listener of listeners) listener();
    },
  };
}

export const SessionContext = createContext<SessionHandle | null>(null);

export function useSession(): SessionHandle {
  const session = useContext(SessionContext);
  if (!session) throw new Error("outside of a session");
  return session;
}

export function useStatus(): Status {
  const { subscribe, status } = useSession();
  return useSyncExternalStore(subscribe, status);
}

export function useOwner(): string | undefined {
  const { subscribe, owner } = useSession();
  return useSyncExternalStore(subscribe, owner);
}
