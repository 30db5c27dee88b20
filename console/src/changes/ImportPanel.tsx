import { Panel, Text } from "@bigcommerce/big-design";
import { useEffect, useRef, useState, type DragEvent } from "react";
import { useNavigate } from "react-router";
import styled from "styled-components";

import { Refusal } from "../api/refusal.ts";
import { BusyButton } from "../parts/BusyButton.tsx";
import { Failure } from "../parts/Failure.tsx";
import { Note } from "../parts/Note.tsx";
import { Progress } from "../parts/Progress.tsx";
import { Unseen } from "../parts/Unseen.ts";
import { sizeOf } from "../parts/words.ts";
import { useSession } from "../session/session.ts";
import { t } from "../texts/t.ts";
import { hindranceOf, MOST_BYTES } from "./file.ts";

type Upload =
  | { readonly state: "none" }
  | { readonly state: "hindered"; readonly text: string }
  | { readonly state: "refused"; readonly refusal: Refusal }
  | { readonly state: "under_way"; readonly name: string; readonly sent: number; readonly size: number };

/** Takes a file, and leads to what it would change. */
export function ImportPanel() {
  const { upload, begin, cancel } = useUpload();
  const [isOver, setIsOver] = useState(false);
  const isUnderWay = upload.state === "under_way";
  const take = (files: FileList | null): void => {
    setIsOver(false);
    if (files && !isUnderWay) void begin(files);
  };
  const drag = (over: boolean) => (event: DragEvent) => {
    event.preventDefault();
    setIsOver(over);
  };
  return (
    <Panel header={t("import.heading")} headerId="import" description={t("import.help")}>
      {upload.state === "refused" && <Failure refusal={upload.refusal} heading={t("import.refused")} />}
      <Zone
        role="group"
        aria-labelledby="import"
        data-over={isOver}
        onDragOver={drag(true)}
        onDragLeave={drag(false)}
        onDrop={(event) => {
          event.preventDefault();
          take(event.dataTransfer.files);
        }}
      >
        {isUnderWay ? (
          <UnderWay upload={upload} onCancel={cancel} />
        ) : (
          <>
            <Text marginBottom="none">{t("import.drop")}</Text>
            <span>
              <Unseen
                as="input"
                id="import-file"
                type="file"
                accept=".csv,text/csv"
                aria-label={t("import.file")}
                aria-describedby="import-limit"
                onChange={(event: React.ChangeEvent<HTMLInputElement>) => {
                  take(event.target.files);
                  // The same file, corrected, can be chosen again.
                  event.target.value = "";
                }}
              />
              <FileLabel htmlFor="import-file">{t("import.choose")}</FileLabel>
            </span>
            <Text id="import-limit" color="secondary60" marginBottom="none">
              {t("import.limit", { limit: sizeOf(MOST_BYTES) })}
            </Text>
          </>
        )}
        <div role="alert">{upload.state === "hindered" && <Note kind="error">{upload.text}</Note>}</div>
      </Zone>
    </Panel>
  );
}

interface UnderWayProps {
  readonly upload: Extract<Upload, { state: "under_way" }>;
  readonly onCancel: () => void;
}

function UnderWay({ upload: { name, sent, size }, onCancel }: UnderWayProps) {
  return (
    <Running>
      <Text role="status" marginBottom="none">
        {t("import.uploading", { name })}
      </Text>
      <Progress label={t("import.uploading", { name })} done={sent} total={size} />
      <Text marginBottom="none">
        {t("import.progress", { done: sizeOf(Math.min(sent, size)), total: sizeOf(size) })}
      </Text>
      <BusyButton type="button" variant="secondary" busy={undefined} onClick={onCancel}>
        {t("import.cancel")}
      </BusyButton>
    </Running>
  );
}

function useUpload() {
  const { api } = useSession();
  const navigate = useNavigate();
  const [upload, setUpload] = useState<Upload>({ state: "none" });
  const cancelled = useRef<AbortController>(undefined);
  useEffect(() => () => cancelled.current?.abort(), []);

  const begin = async (files: FileList): Promise<void> => {
    const [file] = files;
    const hindrance = files.length > 1 ? t("import.one") : file && hindranceOf(file);
    if (!file || hindrance) {
      setUpload(hindrance ? { state: "hindered", text: hindrance } : { state: "none" });
      return;
    }
    const { name, size } = file;
    const controller = new AbortController();
    cancelled.current = controller;
    const progress = (sent: number): void => {
      setUpload({ state: "under_way", name, sent, size });
    };
    progress(0);
    try {
      const { id } = await api.startImport(file, progress, controller.signal);
      await navigate(`/changes/${id}`);
    } catch (thrown) {
      setUpload(controller.signal.aborted ? { state: "none" } : { state: "refused", refusal: Refusal.of(thrown) });
    }
  };
  const cancel = (): void => {
    cancelled.current?.abort();
  };
  return { upload, begin, cancel };
}

const Zone = styled.div`
  display: grid;
  gap: ${({ theme }) => theme.spacing.small};
  justify-items: center;
  padding: ${({ theme }) => theme.spacing.xLarge};
  border: 2px dashed ${({ theme }) => theme.colors.secondary40};
  border-radius: ${({ theme }) => theme.borderRadius.normal};
  text-align: center;
  overflow-wrap: anywhere;

  &[data-over="true"] {
    border-color: ${({ theme }) => theme.colors.primary};
    background: ${({ theme }) => theme.colors.primary10};
  }
`;

/** Looks like BigDesign's button; what is pressed is the field before it. */
const FileLabel = styled.label`
  display: inline-block;
  padding: ${({ theme }) => `${theme.spacing.xSmall} ${theme.spacing.medium}`};
  border: 1px solid ${({ theme }) => theme.colors.primary};
  border-radius: ${({ theme }) => theme.borderRadius.normal};
  color: ${({ theme }) => theme.colors.primary};
  line-height: ${({ theme }) => theme.lineHeight.small};
  cursor: pointer;

  :focus-visible + & {
    box-shadow: 0 0 0 ${({ theme }) => theme.spacing.xxSmall} ${({ theme }) => theme.colors.primary20};
  }
`;

const Running = styled.div`
  display: grid;
  gap: ${({ theme }) => theme.spacing.small};
  width: min(100%, 30rem);
`;
