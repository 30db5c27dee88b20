/** A session in use is renewed by a call now and then; one that is not in use ends by itself. */

const RENEW_AFTER_MS = 5 * 60 * 1000;

export interface Renewal {
  /** A call was answered: the service counts from now. */
  readonly answered: () => void;
  /** Somebody moved a pointer or pressed a key. */
  readonly active: () => void;
}

/** Calls `renew` when somebody is active and the last call is old. */
export function createRenewal(renew: () => Promise<unknown>, now: () => number): Renewal {
  let last = now();
  let underWay = false;
  return {
    answered() {
      last = now();
    },
    active() {
      if (underWay || now() - last < RENEW_AFTER_MS) return;
      underWay = true;
      // A failure is shown by whatever the user does next.
      renew()
        .catch(() => undefined)
        .finally(() => {
          underWay = false;
        });
    },
  };
}
