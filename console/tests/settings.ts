/** Settings for the tests, as the service answers them for a new app. */
import type { Saved, Settings } from "../src/api/types.ts";

type Parts = { readonly [K in "ordergroove" | "sftp" | "feeds"]?: Partial<Settings[K]> };

export function settings(parts: Parts = {}): Settings {
  return {
    environment: "staging",
    ordergroove: {
      merchant_id: "",
      secret_key: { set: false },
      api_url: "https://api.example",
      rest_url: "https://rest.example",
      subscription_url: "https://subscription.example",
      static_url: "https://static.example",
      api_key: { set: false },
      ...parts.ordergroove,
    },
    sftp: {
      host: "feeds.example",
      port: 22,
      username: "",
      password: { set: false },
      private_key: { set: false },
      directory: "/incoming",
      host_key: "",
      ...parts.sftp,
    },
    feeds: {
      schedule: "* * * * *",
      time_zone: "America/Chicago",
      channel: "sftp",
      categories: false,
      shrink_limit: 20,
      ...parts.feeds,
    },
  };
}

export function saved(parts: Parts = {}, version = '"1"'): Saved {
  return { settings: settings(parts), version };
}
