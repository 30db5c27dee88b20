import { Badge } from "@bigcommerce/big-design";
import { OpenInNewIcon } from "@bigcommerce/big-design-icons";
import { memo } from "react";

import type { Product } from "../api/catalog.ts";
import { CheckMark, Labelled, SwitchMark } from "../parts/controls.ts";
import { LineButton } from "../parts/LineButton.tsx";
import { Note } from "../parts/Note.tsx";
import { t } from "../texts/t.ts";
import { Discontinue } from "./Discontinue.tsx";
import { canBeOffered, canFill, draftOf, filled, hasLostOption, type Draft } from "./draft.ts";
import { MovedNotice } from "./MovedNotice.tsx";
import { OptionList } from "./OptionList.tsx";
import { Actions, Card, Facts, Head, Name, OpenLink } from "./ProductRow.styles.ts";
import type { Entry, Event } from "./unsaved.ts";
import { factsOf } from "./words.ts";

interface Props {
  readonly product: Product;
  /** Its unsaved edit. */
  readonly entry: Entry | undefined;
  readonly isSelected: boolean;
  readonly onSelect: (product: Product, isSelected: boolean) => void;
  readonly dispatch: (event: Event) => void;
  /** Something was said of the product that is not an edit. */
  readonly onChanged: () => void;
}

/** One product: what it is, whether it is offered, and how often its options are delivered. */
export const ProductRow = memo(function ProductRow({
  product,
  entry,
  isSelected,
  onSelect,
  dispatch,
  onChanged,
}: Props) {
  const { id, name } = product;
  const draft = entry?.draft ?? draftOf(product);
  const faults = entry ? entry.faults : product.faults;
  const edit = (after: Draft): void => {
    dispatch({ type: "edited", product, draft: after });
  };
  return (
    <Card id={rowId(id)} tabIndex={-1} data-product={id} $isUnsaved={entry !== undefined}>
      <CheckMark
        id={`${rowId(id)}-select`}
        aria-label={t("product.select", { name })}
        checked={isSelected}
        onChange={(event) => {
          onSelect(product, event.target.checked);
        }}
      />
      <Head>
        <Name id={`${rowId(id)}-name`}>{name}</Name>
        <Facts>
          <span>{factsOf(product)}</span>
          {product.panel_url !== "" && (
            <OpenLink
              href={product.panel_url}
              target="_blank"
              rel="noopener noreferrer"
              aria-label={t("product.open.about", { name })}
            >
              {t("product.open")} <OpenInNewIcon size="small" />
            </OpenLink>
          )}
        </Facts>
        <Actions>
          <Labelled>
            <SwitchMark
              id={`${rowId(id)}-offer`}
              aria-label={t("product.offer.about", { name })}
              checked={draft.eligible}
              disabled={!draft.eligible && !canBeOffered(product)}
              onChange={(event) => {
                edit({ ...draft, eligible: event.target.checked });
              }}
            />
            {t("product.offer")}
          </Labelled>
          {canFill(draft, product) && (
            <LineButton
              text={t("product.fill")}
              about={name}
              onClick={() => {
                edit(filled(draft, product));
                document.getElementById(`${rowId(id)}-offer`)?.focus();
              }}
            />
          )}
          {!entry && hasLostOption(product) && (
            <LineButton
              text={t("product.accept")}
              about={name}
              onClick={() => {
                edit(draft);
                document.getElementById(`${rowId(id)}-offer`)?.focus();
              }}
            />
          )}
          {entry && (
            <span>
              <Badge label={t("product.unsaved")} variant="warning" />{" "}
              <LineButton
                text={t("product.undo")}
                about={name}
                onClick={() => {
                  dispatch({ type: "discarded", id });
                  document.getElementById(`${rowId(id)}-offer`)?.focus();
                }}
              />
            </span>
          )}
          <Discontinue product={product} onChanged={onChanged} />
        </Actions>
        {product.warnings.map(({ code, message }) => (
          <Note key={code} kind="warning">
            {message}
          </Note>
        ))}
        {faults
          .filter(({ option_id }) => !draft.options.some((option) => option.option_id === option_id))
          .map(({ message }) => (
            <Note key={message} kind="error">
              {message}
            </Note>
          ))}
        {entry?.moved && <MovedNotice entry={entry} dispatch={dispatch} />}
      </Head>
      <OptionList product={product} draft={draft} faults={faults} onEdit={edit} />
    </Card>
  );
});

export function rowId(product: number): string {
  return `product-${product}`;
}
