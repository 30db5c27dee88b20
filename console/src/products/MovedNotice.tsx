import styled from "styled-components";

import { LineButton } from "../parts/LineButton.tsx";
import { Note } from "../parts/Note.tsx";
import { t } from "../texts/t.ts";
import { draftOf } from "./draft.ts";
import type { Entry, Event } from "./unsaved.ts";
import { planText } from "./words.ts";

interface Props {
  readonly entry: Entry;
  readonly dispatch: (event: Event) => void;
}

/** Somebody else changed a product that is being edited here: what it is now, and a choice. */
export function MovedNotice({ entry: { base }, dispatch }: Props) {
  const choose = (event: Event): void => {
    dispatch(event);
    document.getElementById(`product-${base.id}-offer`)?.focus();
  };
  return (
    <Box data-moved={base.id}>
      <Note kind="warning">
        <strong>{t("product.moved.heading")}</strong>
        <br />
        {t("product.moved.text", { state: planText(draftOf(base), base) })}
      </Note>
      <Choices>
        <LineButton
          text={t("product.moved.mine")}
          about={base.name}
          onClick={() => {
            choose({ type: "kept_mine", id: base.id });
          }}
        />
        <LineButton
          text={t("product.moved.theirs")}
          about={base.name}
          onClick={() => {
            choose({ type: "discarded", id: base.id });
          }}
        />
      </Choices>
    </Box>
  );
}

const Box = styled.div`
  padding: ${({ theme }) => theme.spacing.xSmall};
  background: ${({ theme }) => theme.colors.warning10};
`;

const Choices = styled.div`
  display: flex;
  flex-wrap: wrap;
  gap: ${({ theme }) => theme.spacing.medium};
  padding-inline-start: ${({ theme }) => theme.spacing.large};
`;
