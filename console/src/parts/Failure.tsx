import type { Refusal } from "../api/refusal.ts";
import { Callout } from "./Callout.tsx";
import { t } from "../texts/t.ts";

/** Why it failed, in words. */
export function wordsOf(refusal: Refusal): string {
  if (refusal.reason === "unreachable") return t("failure.unreachable");
  if (refusal.reason === "too_many" && refusal.retryAfter) return t("failure.tooMany", { seconds: refusal.retryAfter });
  return refusal.detail || t("failure.other");
}

interface Props {
  readonly refusal: Refusal;
  readonly heading?: string;
  readonly onAgain?: () => void;
}

/** A failure with a way to try again, and the request id for whoever is asked for help. */
export function Failure({ refusal, heading = t("failure.heading"), onAgain }: Props) {
  const { requestId } = refusal;
  return (
    <Callout
      type="error"
      header={heading}
      messages={[
        { text: wordsOf(refusal) },
        ...(requestId ? [{ text: t("failure.requestId", { id: requestId }) }] : []),
      ]}
      {...(onAgain && refusal.reason !== "session_ended"
        ? { actions: [{ text: t("failure.again"), onClick: onAgain }] }
        : {})}
    />
  );
}
