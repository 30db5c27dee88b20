import { useState } from "react";
import styled from "styled-components";

import { LineButton } from "../parts/LineButton.tsx";
import { toast } from "../parts/toast.tsx";
import { t } from "../texts/t.ts";

const SHORT = 12;

interface Props {
  readonly sha256: string;
  /** What it is of, for who does not see where it stands. */
  readonly about: string;
  readonly isWhole?: boolean;
}

/** What a file is known by: its beginning, all of it on demand. */
export function Checksum({ sha256, about, isWhole = false }: Props) {
  const [isOpen, setIsOpen] = useState(isWhole);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(sha256);
      toast(t("run.sha.copied"));
    } catch {
      // A browser may forbid it to a framed page; then all of it is there to be selected.
      setIsOpen(true);
    }
  };
  return (
    <>
      {!isWhole && `${t("run.sha")} `}
      <Code>{isOpen ? sha256 : `${sha256.slice(0, SHORT)}…`}</Code>{" "}
      {isOpen ? (
        <LineButton text={t("run.sha.copy")} about={`${t("run.sha")}, ${about}`} onClick={() => void copy()} />
      ) : (
        <LineButton
          text={t("run.sha.all")}
          about={`${t("run.sha")}, ${about}`}
          onClick={() => {
            setIsOpen(true);
          }}
        />
      )}
    </>
  );
}

const Code = styled.code`
  overflow-wrap: anywhere;
`;
