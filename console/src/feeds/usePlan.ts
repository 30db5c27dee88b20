import { useEffect, useState } from "react";

import type { Plan, Schedule } from "../api/feeds.ts";
import { Refusal } from "../api/refusal.ts";
import { useSession } from "../session/session.ts";

/** Long enough that a zone being typed is not asked for letter by letter. */
const PAUSE_MS = 300;

export interface Planned {
  readonly expression: string;
  readonly zone: string;
  readonly outcome: Plan | Refusal;
}

/** What the service says of a schedule: of the one it was asked last. Nothing while it is being asked. */
export function usePlan(expression: string, zone: string, saved: Schedule): Plan | Refusal | undefined {
  const { api } = useSession();
  const [planned, setPlanned] = useState<Planned>();
  const isSaved = expression === saved.expression && zone === saved.time_zone;
  useEffect(() => {
    if (isSaved) return;
    const gone = new AbortController();
    const take = (outcome: Plan | Refusal): void => {
      if (!gone.signal.aborted) setPlanned({ expression, zone, outcome });
    };
    const timer = setTimeout(() => {
      api.planOf(expression, zone, gone.signal).then(take, (thrown: unknown) => {
        take(Refusal.of(thrown));
      });
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      gone.abort();
    };
  }, [api, expression, zone, isSaved]);
  if (isSaved) return saved;
  return planned?.expression === expression && planned.zone === zone ? planned.outcome : undefined;
}
