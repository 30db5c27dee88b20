import type { Environment } from "../api/types.ts";
import { t } from "../texts/t.ts";

export function environmentName(environment: Environment): string {
  return t(`app.environment.${environment}`);
}

/** Production stands out: what is done there reaches shoppers. */
export function environmentBadge(environment: Environment) {
  return {
    label: environmentName(environment),
    variant: environment === "production" ? "primary" : "secondary",
  } as const;
}
