import { Badge, Text } from "@bigcommerce/big-design";
import { useState } from "react";
import styled from "styled-components";

import type { Product } from "../api/catalog.ts";
import { Refusal } from "../api/refusal.ts";
import { Dialog } from "../parts/Dialog.tsx";
import { Failure } from "../parts/Failure.tsx";
import { LineButton } from "../parts/LineButton.tsx";
import { Note } from "../parts/Note.tsx";
import { toast } from "../parts/toast.tsx";
import { useSession } from "../session/session.ts";
import { t } from "../texts/t.ts";
import { factsOf } from "./words.ts";

interface Props {
  readonly product: Product;
  /** It is marked otherwise than it was listed. */
  readonly onChanged: () => void;
}

/** Says that a product is no longer sold. That ends its subscriptions, so it is asked about first. */
export function Discontinue({ product, onChanged }: Props) {
  const { id, name } = product;
  const { api } = useSession();
  /** What was said of the product as it is listed; a newer list knows it by itself. */
  const [said, setSaid] = useState<{ readonly of: Product; readonly isMarked: boolean }>();
  const [asked, setAsked] = useState(false);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();
  const isMarked = said?.of === product ? said.isMarked : product.discontinued;

  const close = (): void => {
    setAsked(false);
  };
  const mark = async (wanted: boolean): Promise<void> => {
    if (busy) return;
    setAsked(false);
    setBusy(true);
    setRefusal(undefined);
    try {
      await api.discontinue(id, wanted);
      setSaid({ of: product, isMarked: wanted });
      toast(t(wanted ? "discontinue.toast" : "continue.toast", { name }));
      onChanged();
    } catch (thrown) {
      setRefusal(Refusal.of(thrown));
    }
    setBusy(false);
  };

  return (
    <>
      <span>
        {isMarked && (
          <>
            <Badge label={t("product.discontinued")} variant="danger" />{" "}
          </>
        )}
        <LineButton
          id={`product-${id}-discontinue`}
          text={t(isMarked ? "product.continue" : "product.discontinue")}
          about={isMarked ? t("action.of", { action: t("product.discontinued"), about: name }) : name}
          onClick={() => {
            if (isMarked) void mark(false);
            else setAsked(true);
          }}
        />
      </span>
      {isMarked && (
        <Wide>
          <Note kind="warning">{t("product.discontinued.note")}</Note>
        </Wide>
      )}
      {refusal && (
        <Wide>
          <Failure refusal={refusal} />
        </Wide>
      )}
      {asked && (
        <Dialog
          isOpen
          heading={t("discontinue.heading")}
          onClose={close}
          actions={[
            { text: t("discontinue.stay"), variant: "subtle" },
            { text: t("discontinue.confirm"), actionType: "destructive", onClick: () => void mark(true) },
          ]}
        >
          <Text bold>{t("discontinue.about", { name, facts: factsOf(product) })}</Text>
          <Text>{t("discontinue.text")}</Text>
          <Text>{t("discontinue.back")}</Text>
          <Text marginBottom="none">{t("discontinue.stock")}</Text>
        </Dialog>
      )}
    </>
  );
}

/** A line of its own among what stands beside each other. */
const Wide = styled.div`
  flex: 1 1 100%;
`;
