import { Badge, Flex, Panel, Small, Text } from "@bigcommerce/big-design";

import type { Run } from "../api/feeds.ts";
import { Plain } from "../changes/changes.styles.ts";
import { PageLink } from "../navigation/PageLink.tsx";
import { t } from "../texts/t.ts";
import { Checksum } from "./Checksum.tsx";
import { badgeOf, causeOf, differenceOf, summaryOf, titleOf, tookOf } from "./words.ts";

/** The last runs, newest first. */
export function RunList({ runs }: { readonly runs: readonly Run[] }) {
  return (
    <Panel header={t("runs.heading")} headerId="runs" description={t("runs.help")}>
      {runs.length === 0 ? (
        <Text>{t("runs.none")}</Text>
      ) : (
        <Plain aria-labelledby="runs">
          {runs.map((run) => (
            <RunItem key={run.id} run={run} />
          ))}
        </Plain>
      )}
    </Panel>
  );
}

function RunItem({ run }: { readonly run: Run }) {
  const summary = summaryOf(run);
  return (
    <li id={`run-${run.id}`} data-state={run.state}>
      <Flex flexDirection="row" flexWrap="wrap" alignItems="center" flexGap="0.5rem">
        <PageLink to={`/feeds/runs/${run.id}`}>{titleOf(run)}</PageLink>
        <Badge {...badgeOf(run)} />
      </Flex>
      {summary !== "" && (
        <Text marginBottom="none">
          {summary} · {differenceOf(run)}
        </Text>
      )}
      {run.state === "failed" && run.message !== "" && <Text marginBottom="none">{run.message}</Text>}
      <Small marginBottom="none">
        {[causeOf(run), tookOf(run)].filter(Boolean).join(" · ")}
        {run.sha256 !== "" && (
          <>
            {" · "}
            <Checksum sha256={run.sha256} about={titleOf(run)} />
          </>
        )}
      </Small>
    </li>
  );
}
