import type {
  Change,
  ChangePage,
  DifferencePage,
  Export,
  FaultPage,
  Product,
  ProductPage,
  ProductPatch,
  Rule,
  Sync,
} from "./catalog.ts";
import type { Differing, Feeds, LeftOut, Plan, RowPage, Run } from "./feeds.ts";
import { Refusal } from "./refusal.ts";
import type { EntryPage, Overview, Party, Saved, Session, Settings, TestResult } from "./types.ts";
import { upload } from "./upload.ts";

/** Longer than the service gives itself for any answer. */
const PATIENCE_MS = 30_000;
/** A large file over a slow line. */
const DOWNLOAD_PATIENCE_MS = 15 * 60_000;

export interface Download {
  readonly name: string;
  readonly file: Blob;
}

export interface Api {
  readonly overview: (signal?: AbortSignal) => Promise<Overview>;
  readonly settings: (signal?: AbortSignal) => Promise<Saved>;
  readonly saveSettings: (patch: object, version: string) => Promise<Saved>;
  readonly testConnection: (party: Party) => Promise<TestResult>;
  readonly audit: (before: number | null, signal?: AbortSignal) => Promise<EntryPage>;
  readonly session: (signal?: AbortSignal) => Promise<Session>;
  readonly endSession: () => Promise<void>;

  readonly products: (parameters: string, signal?: AbortSignal) => Promise<ProductPage>;
  readonly saveProducts: (products: readonly ProductPatch[]) => Promise<readonly Product[]>;
  readonly discontinue: (id: number, isDiscontinued: boolean) => Promise<void>;
  readonly sync: (signal?: AbortSignal) => Promise<Sync>;
  readonly startSync: () => Promise<Sync>;
  readonly cancelSync: () => Promise<Sync>;

  readonly startImport: (file: File, onProgress: (bytes: number) => void, signal: AbortSignal) => Promise<Change>;
  readonly startChange: (rule: Rule) => Promise<Change>;
  readonly changes: (before: number | null, signal?: AbortSignal) => Promise<ChangePage>;
  readonly change: (id: number, signal?: AbortSignal) => Promise<Change>;
  readonly faults: (id: number, after: number, signal?: AbortSignal) => Promise<FaultPage>;
  readonly difference: (id: number, after: number, signal?: AbortSignal) => Promise<DifferencePage>;
  readonly applyChange: (id: number) => Promise<Change>;
  readonly undoChange: (id: number) => Promise<Change>;
  readonly dropChange: (id: number) => Promise<void>;

  readonly startExport: () => Promise<Export>;
  readonly exports: (signal?: AbortSignal) => Promise<readonly Export[]>;
  readonly dropExport: (id: number) => Promise<void>;
  readonly exportFile: (id: number) => Promise<Download>;

  readonly feeds: (signal?: AbortSignal) => Promise<Feeds>;
  readonly planOf: (expression: string, timeZone: string, signal?: AbortSignal) => Promise<Plan>;
  readonly startRun: (sendUnchanged: boolean) => Promise<Run>;
  readonly run: (id: number, signal?: AbortSignal) => Promise<Run>;
  /** Cancels one under way, discards one that is held. */
  readonly dropRun: (id: number) => Promise<void>;
  readonly confirmRun: (id: number) => Promise<Run>;
  readonly retryRun: (id: number) => Promise<Run>;
  readonly leftOut: (id: number, after: number, signal?: AbortSignal) => Promise<RowPage<LeftOut>>;
  readonly runDifference: (id: number, after: number, signal?: AbortSignal) => Promise<RowPage<Differing>>;
  readonly runFile: (id: number) => Promise<Download>;
}

export interface Hooks {
  /** A call was answered, so the session lives on. */
  readonly answered: () => void;
  /** The session is over. */
  readonly ended: () => void;
}

interface Call {
  readonly method?: "GET" | "PUT" | "PATCH" | "POST" | "DELETE";
  readonly body?: object;
  readonly version?: string;
  readonly signal?: AbortSignal | undefined;
  readonly patience?: number;
}

/** The console's API for the holder of `token`. */
export function createApi(token: string, hooks: Hooks, fetcher: typeof fetch = fetch): Api {
  async function send(path: string, call: Call): Promise<Response> {
    const { method = "GET", body, version, signal, patience = PATIENCE_MS } = call;
    const headers = new Headers({ accept: "application/json", authorization: `Bearer ${token}` });
    if (body) headers.set("content-type", "application/json");
    if (version) headers.set("if-match", version);
    const timeout = AbortSignal.timeout(patience);
    return accepted(
      await fetcher(addressOf(path), {
        method,
        headers,
        body: body ? JSON.stringify(body) : null,
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
        // The last call of a page that is being closed still has to arrive.
        keepalive: method === "DELETE",
      }),
    );
  }

  async function accepted(response: Response): Promise<Response> {
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

  async function drop(path: string): Promise<void> {
    await send(path, { method: "DELETE" });
  }

  async function download(path: string, otherwise: string): Promise<Download> {
    const response = await send(path, { patience: DOWNLOAD_PATIENCE_MS });
    const [, name] = /filename="([^"]+)"/.exec(response.headers.get("content-disposition") ?? "") ?? [];
    return { name: name ?? otherwise, file: await response.blob() };
  }

  return {
    overview: (signal) => json("overview", { signal }),
    settings: (signal) => saved({ signal }),
    saveSettings: (patch, version) => saved({ method: "PATCH", body: patch, version }),
    testConnection: (party) => json(`connections/${party}/test`, { method: "POST" }),
    audit: (before, signal) => json(before === null ? "audit?limit=10" : `audit?limit=10&before=${before}`, { signal }),
    session: (signal) => json("session", { signal }),
    endSession: () => drop("session"),

    products: (parameters, signal) => json(`products?${parameters}`, { signal }),
    saveProducts: async (products) => {
      const answer = await json<{ products: Product[] }>("products", { method: "PATCH", body: { products } });
      return answer.products;
    },
    discontinue: async (id, isDiscontinued) => {
      await send(`products/${id}/discontinued`, { method: isDiscontinued ? "PUT" : "DELETE" });
    },
    sync: (signal) => json("sync", { signal }),
    startSync: () => json("sync", { method: "POST" }),
    cancelSync: () => json("sync", { method: "DELETE" }),

    startImport: async (file, onProgress, signal) => {
      const path = addressOf(`imports?${new URLSearchParams({ name: file.name }).toString()}`);
      const response = await accepted(await upload({ path, token, file, signal, onProgress }));
      return (await response.json()) as Change;
    },
    startChange: (rule) => json("changes", { method: "POST", body: rule }),
    changes: (before, signal) => json(before === null ? "changes" : `changes?before=${before}`, { signal }),
    change: (id, signal) => json(`changes/${id}`, { signal }),
    faults: (id, after, signal) => json(`changes/${id}/faults?after=${after}`, { signal }),
    difference: (id, after, signal) => json(`changes/${id}/difference?after=${after}`, { signal }),
    applyChange: (id) => json(`changes/${id}/apply`, { method: "POST" }),
    undoChange: (id) => json(`changes/${id}/undo`, { method: "POST" }),
    dropChange: (id) => drop(`changes/${id}`),

    startExport: () => json("exports", { method: "POST" }),
    exports: async (signal) => (await json<{ exports: Export[] }>("exports", { signal })).exports,
    dropExport: (id) => drop(`exports/${id}`),
    exportFile: (id) => download(`exports/${id}/file`, "products.csv"),

    feeds: (signal) => json("feeds", { signal }),
    planOf: (expression, time_zone, signal) =>
      json("feeds/schedule", { method: "POST", body: { expression, time_zone }, signal }),
    startRun: (send_unchanged) => json("feeds/runs", { method: "POST", body: { send_unchanged } }),
    run: (id, signal) => json(`feeds/runs/${id}`, { signal }),
    dropRun: (id) => drop(`feeds/runs/${id}`),
    confirmRun: (id) => json(`feeds/runs/${id}/confirm`, { method: "POST" }),
    retryRun: (id) => json(`feeds/runs/${id}/retry`, { method: "POST" }),
    leftOut: (id, after, signal) => json(`feeds/runs/${id}/left-out?after=${after}`, { signal }),
    runDifference: (id, after, signal) => json(`feeds/runs/${id}/difference?after=${after}`, { signal }),
    runFile: (id) => download(`feeds/runs/${id}/file`, "feed.xml"),
  };
}

function addressOf(path: string): string {
  return `/console/api/${path}`;
}
