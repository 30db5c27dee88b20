import { Small } from "@bigcommerce/big-design";
import styled from "styled-components";

import type { Product, RuleKind } from "../api/catalog.ts";
import { BusyButton } from "../parts/BusyButton.tsx";
import { CheckMark, Labelled } from "../parts/controls.ts";
import { LineButton } from "../parts/LineButton.tsx";
import { count, t } from "../texts/t.ts";
import { NOTHING, withProducts, type Selection } from "./selection.ts";

const KINDS: readonly RuleKind[] = ["fill", "offer", "withdraw"];

interface Props {
  /** The products of this page of the list. */
  readonly products: readonly Product[];
  /** How many match, on every page. */
  readonly total: number;
  /** All of the store match. */
  readonly isEverything: boolean;
  readonly selection: Selection;
  /** What came of the last action. */
  readonly result: string;
  /** Why nothing can be done to it now. */
  readonly hindrance: string | undefined;
  readonly busy: boolean;
  readonly onSelect: (selection: Selection) => void;
  readonly onAct: (kind: RuleKind) => void;
}

/** Selects products, and changes what is selected at once. */
export function BulkBar({ products, total, isEverything, selection, result, ...props }: Props) {
  const { hindrance, busy, onSelect, onAct } = props;
  const selected = selection.kind === "some" ? selection.products.size : total;
  const isPage =
    products.length > 0 && (selection.kind === "matching" || products.every(({ id }) => selection.products.has(id)));
  const which = count(isEverything ? "bulk.everything" : "bulk.all", total);
  return (
    <Bar role="group" aria-label={t("bulk.heading")}>
      <Labelled>
        <CheckMark
          id="select-page"
          checked={isPage}
          onChange={(event) => {
            onSelect(withProducts(selection, products, event.target.checked));
          }}
        />
        {t("bulk.page")}
      </Labelled>
      {selected > 0 && (
        <>
          <span data-test="selected">
            {selection.kind === "matching" ? t("bulk.extended", { which }) : count("bulk.selected", selected)}
          </span>
          {isPage && selection.kind === "some" && total > selected && (
            <LineButton
              text={t("bulk.extend", { which })}
              onClick={() => {
                onSelect({ kind: "matching" });
                document.getElementById("select-page")?.focus();
              }}
            />
          )}
          <LineButton
            text={t("bulk.clear")}
            onClick={() => {
              onSelect(NOTHING);
              document.getElementById("select-page")?.focus();
            }}
          />
          <Buttons>
            {KINDS.map((kind) => (
              <BusyButton
                key={kind}
                type="button"
                variant="secondary"
                busy={busy ? t("bulk.starting") : undefined}
                disabled={hindrance !== undefined}
                onClick={() => {
                  onAct(kind);
                }}
              >
                {t(`bulk.${kind}`)}
              </BusyButton>
            ))}
          </Buttons>
          <Small marginBottom="none">{hindrance ?? `${t("bulk.help")} ${t("bulk.fill.help")}`}</Small>
        </>
      )}
      <div role="status" data-test="bulk-result">
        {result}
      </div>
    </Bar>
  );
}

const Bar = styled.div`
  display: flex;
  flex-wrap: wrap;
  gap: ${({ theme }) => `${theme.spacing.xSmall} ${theme.spacing.medium}`};
  align-items: center;
  padding: ${({ theme }) => `${theme.spacing.small} 0`};
  color: ${({ theme }) => theme.colors.secondary70};

  > p,
  > [role="status"]:not(:empty) {
    flex-basis: 100%;
  }
`;

const Buttons = styled.div`
  flex-basis: 100%;
  display: flex;
  flex-wrap: wrap;
  gap: ${({ theme }) => theme.spacing.xSmall};

  .bd-button {
    margin: 0;
  }
`;
