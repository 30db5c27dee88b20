import { Panel, Text } from "@bigcommerce/big-design";
import { useState } from "react";

import type { Export } from "../api/catalog.ts";
import { Refusal } from "../api/refusal.ts";
import { BusyButton } from "../parts/BusyButton.tsx";
import { Failure } from "../parts/Failure.tsx";
import { LineButton } from "../parts/LineButton.tsx";
import { Progress } from "../parts/Progress.tsx";
import { Row } from "../parts/Row.tsx";
import { saveFile } from "../parts/saveFile.ts";
import { Skeleton } from "../parts/Skeleton.tsx";
import { toast } from "../parts/toast.tsx";
import { useLoaded } from "../parts/useLoaded.ts";
import { useTicks } from "../parts/useTicks.ts";
import { useSession } from "../session/session.ts";
import { t, time } from "../texts/t.ts";
import { RowActions, SpacedRows } from "./changes.styles.ts";
import { exportBadge, exportText } from "./words.ts";

const POLL_MS = 1500;

/** Writes all products into a file, and gives it out. */
export function ExportPanel() {
  const { api } = useSession();
  const [loaded, again] = useLoaded(api.exports);
  const [starting, setStarting] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();
  const exports = loaded.state === "ready" ? loaded.value : undefined;
  const isWriting = exports?.some(({ state }) => state === "writing") ?? false;
  useTicks(isWriting, POLL_MS, () => {
    again();
    return Promise.resolve();
  });

  const attempt = async (work: () => Promise<unknown>): Promise<void> => {
    setRefusal(undefined);
    try {
      await work();
    } catch (thrown) {
      setRefusal(Refusal.of(thrown));
    }
    again();
  };
  const start = async (): Promise<void> => {
    setStarting(true);
    await attempt(api.startExport);
    setStarting(false);
  };

  return (
    <Panel header={t("export.heading")} headerId="export" description={t("export.help")}>
      {refusal && <Failure refusal={refusal} heading={t("export.refused")} />}
      {loaded.state === "failed" && <Failure refusal={loaded.refusal} onAgain={again} />}
      <BusyButton
        id="start-export"
        type="button"
        busy={starting || isWriting ? t(isWriting ? "export.writing" : "export.starting") : undefined}
        onClick={() => void start()}
      >
        {t("export.start")}
      </BusyButton>
      {loaded.state === "loading" && <Skeleton text={t("loading.exports")} rows={1} />}
      {exports?.length === 0 && <Text marginTop="medium">{t("export.none")}</Text>}
      {exports && exports.length > 0 && (
        <SpacedRows aria-label={t("export.list")}>
          {exports.map((made) => (
            <ExportRow key={made.id} made={made} attempt={attempt} />
          ))}
        </SpacedRows>
      )}
    </Panel>
  );
}

interface RowProps {
  readonly made: Export;
  readonly attempt: (work: () => Promise<unknown>) => Promise<void>;
}

function ExportRow({ made, attempt }: RowProps) {
  const { api } = useSession();
  const [downloading, setDownloading] = useState(false);
  const title = t("export.title", { time: time(made.created_at) });
  const download = async (): Promise<void> => {
    setDownloading(true);
    await attempt(async () => {
      const { name, file } = await api.exportFile(made.id);
      saveFile(name, file);
      toast(t("export.downloaded", { name }));
    });
    setDownloading(false);
  };
  return (
    <Row
      id={`export-${made.id}`}
      title={title}
      badge={exportBadge(made)}
      text={exportText(made)}
      action={
        <RowActions>
          {made.state === "ready" && (
            <BusyButton
              type="button"
              variant="secondary"
              aria-label={t("action.of", { action: t("export.download"), about: title })}
              busy={downloading ? t("export.downloading") : undefined}
              onClick={() => void download()}
            >
              {t("export.download")}
            </BusyButton>
          )}
          <LineButton
            text={t(made.state === "writing" ? "export.cancel" : "export.drop")}
            about={title}
            onClick={() => {
              void attempt(() => api.dropExport(made.id));
              document.getElementById("start-export")?.focus();
            }}
          />
        </RowActions>
      }
    >
      {made.state === "writing" && <Progress label={title} done={made.done} total={made.total} />}
    </Row>
  );
}
