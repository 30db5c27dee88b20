import { Panel, Small, Text } from "@bigcommerce/big-design";
import { useCallback, useState } from "react";
import styled from "styled-components";

import type { Change, RowFault } from "../api/catalog.ts";
import type { Api } from "../api/client.ts";
import { Refusal } from "../api/refusal.ts";
import { PageLink } from "../navigation/PageLink.tsx";
import { BusyButton } from "../parts/BusyButton.tsx";
import { Failure } from "../parts/Failure.tsx";
import { PagedList } from "../parts/PagedList.tsx";
import { saveFile } from "../parts/saveFile.ts";
import { usePaged } from "../parts/usePaged.ts";
import { useSession } from "../session/session.ts";
import { count, number, t } from "../texts/t.ts";
import { Plain } from "./changes.styles.ts";
import { faultsCsv } from "./faultsCsv.ts";

/** What is wrong, row by row or product by product. */
export function FaultReport({ change }: { readonly change: Change }) {
  const { id, kind, faults } = change;
  const { api } = useSession();
  const load = useCallback(
    async (from: number | null, signal?: AbortSignal) => {
      const page = await api.faults(id, from ?? 0, signal);
      return { items: page.faults, next: page.next };
    },
    [api, id],
  );
  const paged = usePaged(load);
  return (
    <Panel
      header={t("faults.heading")}
      headerId="faults"
      description={t(kind === "import" ? "faults.help" : "faults.help.rule")}
    >
      <PagedList
        paged={paged}
        loading={t("loading.faults")}
        status={(items) => shownText(items.length, faults, paged.hasMore)}
        more={t("faults.more")}
      >
        {(items) => (
          <Plain aria-labelledby="faults">
            {items.map((fault) => (
              <FaultItem key={fault.id} fault={fault} />
            ))}
          </Plain>
        )}
      </PagedList>
      <Download id={id} />
    </Panel>
  );
}

function shownText(shown: number, all: number, hasMore: boolean): string {
  return !hasMore && shown < all
    ? t("faults.first", { count: number(shown), all: number(all) })
    : count("faults.shown", shown);
}

function FaultItem({ fault }: { readonly fault: RowFault }) {
  const { row, column, product_id, reason, value } = fault;
  // Without a file there are no columns either.
  const where = row === null ? "" : [`${t("faults.row")} ${number(row)}`, column].filter(Boolean).join(" · ");
  return (
    <li data-fault={fault.id}>
      <Text bold marginBottom="none">
        {where}
        {product_id !== null && (
          <>
            {where !== "" && " · "}
            <PageLink to={`/products?search=${product_id}`}>{`${t("faults.product")} ${product_id}`}</PageLink>
          </>
        )}
      </Text>
      <Text marginBottom="none">{reason}</Text>
      {value !== "" && (
        <Small marginBottom="none">
          <Value>{value}</Value>
        </Small>
      )}
    </li>
  );
}

/** Every fault as a file, to go through in a spreadsheet. */
function Download({ id }: { readonly id: number }) {
  const { api } = useSession();
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();
  const download = async (): Promise<void> => {
    setBusy(true);
    setRefusal(undefined);
    try {
      saveFile(`faults-${id}.csv`, new Blob([faultsCsv(await allFaults(api, id))], { type: "text/csv" }));
    } catch (thrown) {
      setRefusal(Refusal.of(thrown));
    }
    setBusy(false);
  };
  return (
    <Last>
      {refusal && <Failure refusal={refusal} />}
      <BusyButton
        id="download-faults"
        type="button"
        variant="secondary"
        busy={busy ? t("faults.downloading") : undefined}
        onClick={() => void download()}
      >
        {t("faults.download")}
      </BusyButton>
    </Last>
  );
}

async function allFaults(api: Pick<Api, "faults">, id: number): Promise<RowFault[]> {
  const all: RowFault[] = [];
  for (let after: number | null = 0; after !== null;) {
    const page: Awaited<ReturnType<Api["faults"]>> = await api.faults(id, after);
    all.push(...page.faults);
    after = page.next;
  }
  return all;
}

/** All of a long value is in the file. */
const Value = styled.code`
  display: -webkit-box;
  overflow: hidden;
  -webkit-box-orient: vertical;
  -webkit-line-clamp: 3;
`;

const Last = styled.div`
  margin-top: ${({ theme }) => theme.spacing.medium};
`;
