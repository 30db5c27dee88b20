import { Refusal } from "./refusal.ts";
import type { EntryPage, Overview, Party, Saved, Session, Settings, TestResult } from "./types.ts";

/** Longer than the service gives itself for any answer. */
const PATIENCE_MS = 30_000;

export interface Api {
  readonly overview: (signal?: AbortSignal) => Promise<Overview>;
  readonly settings: (signal?: AbortSignal) => Promise<Saved>;
  readonly saveSettings: (patch: object, version: string) => Promise<Saved>;
  readonly testConnection: (party: Party) => Promise<TestResult>;
  readonly audit: (before: number | null, signal?: AbortSignal) => Promise<EntryPage>;
  readonly session: (signal?: AbortSignal) => Promise<Session>;
  readonly endSession: () => Promise<void>;
}

export interface Hooks {
  /** A call was answered, so the session lives on. */
  readonly answered: () => void;
  /** The session is over. */
  readonly ended: () => void;
}

interface Call {
  readonly method?: "GET" | "PATCH" | "POST" | "DELETE";
  readonly body?: object;
  readonly version?: string;
  readonly signal?: AbortSignal | undefined;
}

/** The console's API for the holder of `token`. */
export function createApi(token: string, hooks: Hooks, fetcher: typeof fetch = fetch): Api {
  async function send(path: string, { method = "GET", body, version, signal }: Call): Promise<Response> {
    const headers = new Headers({ accept: "application/json", authorization: `Bearer ${token}` });
    if (body) headers.set("content-type", "application/json");
    if (version) headers.set("if-match", version);
    const patience = AbortSignal.timeout(PATIENCE_MS);
    const response = await fetcher(`/console/api/${path}`, {
      method,
      headers,
      body: body ? JSON.stringify(body) : null,
      signal: signal ? AbortSignal.any([signal, patience]) : patience,
      // The last call of a page that is being closed still has to arrive.
      keepalive: method === "DELETE",
    });
    if (response.ok) {
      hooks.answered();
      return response;
    }
    const refusal = await Refusal.read(response);
    if (refusal.reason === "session_ended") hooks.ended();
    throw refusal;
  }

  async function json<T>(path: string, call: Call): Promise<T> {
    return (await (await send(path, call)).json()) as T;
  }

  async function saved(call: Call): Promise<Saved> {
    const response = await send("settings", call);
    const settings = (await response.json()) as Settings;
    return { settings, version: response.headers.get("etag") ?? "" };
  }

  return {
    overview: (signal) => json("overview", { signal }),
    settings: (signal) => saved({ signal }),
    saveSettings: (patch, version) => saved({ method: "PATCH", body: patch, version }),
    testConnection: (party) => json(`connections/${party}/test`, { method: "POST" }),
    audit: (before, signal) => json(before === null ? "audit?limit=10" : `audit?limit=10&before=${before}`, { signal }),
    session: (signal) => json("session", { signal }),
    endSession: async () => {
      await send("session", { method: "DELETE" });
    },
  };
}
