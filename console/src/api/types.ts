/** What the console's API answers. */
import type { ProductError } from "./catalog.ts";
import type { Channel } from "./feeds.ts";

export interface User {
  readonly id: number;
  readonly email: string;
}

export type Environment = "staging" | "production";

export interface Session {
  readonly user: User;
  readonly idle_seconds: number;
  /** Unix seconds. */
  readonly ends_at: number;
}

export type CheckState = "done" | "missing" | "attention";

export interface MissingScope {
  readonly name: string;
  readonly for: string;
}

export interface Check {
  readonly id: string;
  readonly state: CheckState;
  readonly missing?: readonly MissingScope[];
  /** Unix seconds. */
  readonly tested_at?: number | null;
  readonly message?: string | null;
  /** Unix seconds. */
  readonly last_event_at?: number | null;
}

export interface Overview {
  readonly store: { readonly hash: string; readonly name: string };
  readonly environment: Environment;
  readonly user: User;
  readonly session: { readonly idle_seconds: number; readonly ends_at: number };
  readonly checks: readonly Check[];
}

/** A secret is never read, only whether it is there. */
export interface Secret {
  readonly set: boolean;
}

export interface Settings {
  readonly environment: Environment;
  readonly ordergroove: {
    readonly merchant_id: string;
    readonly secret_key: Secret;
    readonly api_url: string;
    readonly rest_url: string;
    readonly subscription_url: string;
    readonly static_url: string;
    readonly api_key: Secret;
  };
  readonly sftp: {
    readonly host: string;
    readonly port: number;
    readonly username: string;
    readonly password: Secret;
    readonly private_key: Secret;
    readonly directory: string;
    /** The fingerprint of the server's key that somebody confirmed; empty before. */
    readonly host_key: string;
  };
  readonly feeds: {
    readonly schedule: string;
    readonly time_zone: string;
    readonly channel: Channel;
    readonly categories: boolean;
    readonly shrink_limit: number;
  };
}

/** Settings with the version they are of. */
export interface Saved {
  readonly settings: Settings;
  readonly version: string;
}

/** What somebody else changed since the version that was sent. */
export interface Changed {
  readonly field: string;
  readonly user: User | null;
  readonly at: number;
}

export type Party = "bigcommerce" | "ordergroove" | "sftp";

export interface Step {
  readonly name: string;
  readonly ok: boolean;
  readonly message?: string | null;
  /** Of the key the server has, where it is to be confirmed. */
  readonly fingerprint?: string | null;
}

export interface TestResult {
  readonly party: Party;
  readonly ok: boolean;
  readonly tested_at: number;
  readonly steps: readonly Step[];
}

export interface Entry {
  readonly id: number;
  readonly at: number;
  readonly user: User | null;
  readonly action: string;
  readonly field?: string | null;
  readonly before?: string | null;
  readonly after?: string | null;
}

export interface EntryPage {
  readonly entries: readonly Entry[];
  readonly next: number | null;
}

export interface FieldError {
  readonly field: string;
  readonly message: string;
}

export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly detail?: string;
  readonly request_id?: string;
  readonly errors?: readonly (FieldError | ProductError)[];
  /** Settings that others changed, or the ids of products. */
  readonly changed?: readonly (Changed | number)[];
}
