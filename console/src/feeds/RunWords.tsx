import { Badge, Flex, Text } from "@bigcommerce/big-design";

import type { Run } from "../api/feeds.ts";
import { Callout } from "../parts/Callout.tsx";
import { Note } from "../parts/Note.tsx";
import { t } from "../texts/t.ts";
import { badgeOf, causeOf, isUnderWay, textOf, titleOf } from "./words.ts";

interface Props {
  readonly run: Run;
  /** On a page of its own, whose heading names it. */
  readonly isAlone?: boolean;
}

/** Which run it is, and why it began. */
export function RunTitle({ run, isAlone = false }: Props) {
  return (
    <Flex flexDirection="row" flexWrap="wrap" alignItems="center" flexGap="0.5rem" marginBottom="small">
      {!isAlone && (
        <Text as="span" bold marginBottom="none">
          {titleOf(run)}
        </Text>
      )}
      <Badge {...badgeOf(run)} />
      <Text as="span" color="secondary60" marginBottom="none">
        {causeOf(run)}
      </Text>
    </Flex>
  );
}

/** How it stands, in words, and the service's own sentence. */
export function RunWords({ run }: Pick<Props, "run">) {
  const { state, message } = run;
  if (state === "held") {
    return (
      <Callout type="warning" header={t("held.heading")} messages={[{ text: textOf(run) }, { text: t("held.text") }]} />
    );
  }
  const isOver = !isUnderWay(run) && state !== "failed";
  return (
    <>
      <Text marginBottom="xSmall">
        {textOf(run)} {isOver && message}
      </Text>
      {!isOver && message !== "" && <Note kind={state === "failed" ? "error" : "warning"}>{message}</Note>}
    </>
  );
}
