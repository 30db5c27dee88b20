/** The settings as the page shows them: one table. */
import type { Settings } from "../api/types.ts";
import type { PlainKey } from "../texts/t.ts";

type OrdergrooveField = `ordergroove.${keyof Settings["ordergroove"]}`;
type SftpField = `sftp.${keyof Settings["sftp"]}`;
type FeedField = `feeds.${keyof Settings["feeds"]}`;

/** Where a setting is in the settings, as the API names it. */
export type Field = OrdergrooveField | SftpField | FeedField;

/** How a setting is typed; an address has a default that can be put back. */
export type Kind =
  "text" | "number" | "address" | "secret" | "secret_lines" | "fingerprint" | "schedule" | "zone" | "choice" | "switch";

export interface FieldSpec {
  readonly field: Field;
  readonly kind: Kind;
  readonly help?: PlainKey;
}

export interface SectionSpec {
  readonly id: string;
  readonly title: PlainKey;
  readonly help: PlainKey;
  readonly fields: readonly FieldSpec[];
}

export const SECTIONS: readonly SectionSpec[] = [
  {
    id: "ordergroove",
    title: "section.ordergroove",
    help: "section.ordergroove.help",
    fields: [
      { field: "ordergroove.merchant_id", kind: "text", help: "field.ordergroove.merchant_id.help" },
      { field: "ordergroove.secret_key", kind: "secret", help: "field.ordergroove.secret_key.help" },
      { field: "ordergroove.api_key", kind: "secret", help: "field.ordergroove.api_key.help" },
    ],
  },
  {
    id: "addresses",
    title: "section.addresses",
    help: "section.addresses.help",
    fields: [
      { field: "ordergroove.api_url", kind: "address" },
      { field: "ordergroove.rest_url", kind: "address" },
      { field: "ordergroove.subscription_url", kind: "address" },
      { field: "ordergroove.static_url", kind: "address" },
    ],
  },
  {
    id: "sftp",
    title: "section.sftp",
    help: "section.sftp.help",
    fields: [
      { field: "sftp.host", kind: "address" },
      { field: "sftp.port", kind: "number" },
      { field: "sftp.username", kind: "text" },
      { field: "sftp.directory", kind: "address" },
      { field: "sftp.password", kind: "secret", help: "field.sftp.password.help" },
      { field: "sftp.private_key", kind: "secret_lines", help: "field.sftp.private_key.help" },
      { field: "sftp.host_key", kind: "fingerprint", help: "field.sftp.host_key.help" },
    ],
  },
];

/** Those that the page of the feeds has. */
export const FEED_FIELDS = {
  schedule: { field: "feeds.schedule", kind: "schedule" },
  time_zone: { field: "feeds.time_zone", kind: "zone", help: "field.feeds.time_zone.help" },
  channel: { field: "feeds.channel", kind: "choice" },
  categories: { field: "feeds.categories", kind: "switch", help: "field.feeds.categories.help" },
  shrink_limit: { field: "feeds.shrink_limit", kind: "number", help: "field.feeds.shrink_limit.help" },
} as const satisfies Record<keyof Settings["feeds"], FieldSpec>;

export const FIELDS: readonly FieldSpec[] = [
  ...SECTIONS.flatMap((section) => section.fields),
  ...Object.values(FEED_FIELDS),
];

const KINDS: ReadonlyMap<string, Kind> = new Map(FIELDS.map(({ field, kind }) => [field, kind]));

export function kindOf(field: string): Kind | undefined {
  return KINDS.get(field);
}

export function isSecret(field: Field): boolean {
  const kind = kindOf(field);
  return kind === "secret" || kind === "secret_lines";
}

/** Whether an empty field means a default of the environment. */
export function hasDefault(field: string): boolean {
  const kind = kindOf(field);
  return kind === "address" || kind === "number";
}

/** A field's id in the page, and so its anchor. */
export function idOf(field: Field): string {
  return field.replace(".", "-");
}
