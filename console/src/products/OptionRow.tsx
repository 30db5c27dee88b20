import styled from "styled-components";

import type { Fault, Period, Product, ProductOption } from "../api/catalog.ts";
import { Labelled, RadioMark, SelectBox, TextBox } from "../parts/controls.ts";
import { Note } from "../parts/Note.tsx";
import { t } from "../texts/t.ts";
import { withDefault, withOption, type Draft, type DraftOption } from "./draft.ts";

const PERIODS: readonly Period[] = [0, 1, 2, 3];

interface Props {
  readonly product: Product;
  readonly option: ProductOption;
  readonly draft: Draft;
  readonly faults: readonly Fault[];
  readonly onEdit: (draft: Draft) => void;
}

/** How often one option of a product is delivered, and whether it is chosen beforehand. */
export function OptionRow({ product, option, draft, faults, onEdit }: Props) {
  const id = optionId(product.id, option.option_id);
  const typed = draft.options.find(({ option_id }) => option_id === option.option_id);
  if (!typed) return null;
  return (
    <li data-option={option.option_id}>
      <Line>
        <Name>{option.name}</Name>
        {option.one_time ? (
          <Once>{t("product.once")}</Once>
        ) : (
          <Inputs
            id={id}
            about={{ option: option.name, product: product.name }}
            typed={typed}
            faults={faults}
            onEdit={(part) => {
              onEdit(withOption(draft, option.option_id, part));
            }}
          />
        )}
        <Labelled>
          <RadioMark
            id={`${id}-default`}
            name={`product-${product.id}-default`}
            aria-label={t("product.default.about", { option: option.name, product: product.name })}
            checked={typed.is_default}
            onChange={() => {
              onEdit(withDefault(draft, option.option_id));
            }}
          />
          {t("product.default")}
        </Labelled>
      </Line>
      {faults.length > 0 && (
        <div id={`${id}-fault`}>
          {faults.map(({ message }) => (
            <Note key={message} kind="error">
              {message}
            </Note>
          ))}
        </div>
      )}
    </li>
  );
}

/** What the ids of an option's fields begin with. */
export function optionId(product: number, option: number): string {
  return `product-${product}-${option}`;
}

interface InputsProps {
  readonly id: string;
  readonly about: { readonly option: string; readonly product: string };
  readonly typed: DraftOption;
  readonly faults: readonly Fault[];
  readonly onEdit: (part: Partial<DraftOption>) => void;
}

function Inputs({ id, about, typed, faults, onEdit }: InputsProps) {
  const described = faults.length > 0 ? { "aria-invalid": true, "aria-describedby": `${id}-fault` } : {};
  return (
    <Frequency>
      <span aria-hidden="true">{t("product.every")}</span>
      <TextBox
        id={`${id}-every`}
        inputMode="numeric"
        autoComplete="off"
        maxLength={9}
        aria-label={t("product.every.about", about)}
        value={typed.every}
        onChange={(event) => {
          onEdit({ every: event.target.value });
        }}
        {...described}
      />
      <SelectBox
        id={`${id}-period`}
        aria-label={t("product.period.about", about)}
        value={typed.every_period}
        onChange={(event) => {
          onEdit({ every_period: Number(event.target.value) as Period });
        }}
        {...described}
      >
        {PERIODS.map((period) => (
          <option key={period} value={period}>
            {t(`period.${period}`)}
          </option>
        ))}
      </SelectBox>
    </Frequency>
  );
}

const Line = styled.div`
  display: grid;
  grid-template-columns: minmax(0, 1fr) auto;
  gap: ${({ theme }) => `${theme.spacing.xxSmall} ${theme.spacing.small}`};
  align-items: center;
  color: ${({ theme }) => theme.colors.secondary70};

  ${({ theme }) => theme.breakpoints.tablet} {
    grid-template-columns: minmax(0, 1fr) 15rem auto;
  }
`;

const Name = styled.span`
  grid-column: 1 / -1;
  overflow-wrap: anywhere;
  line-height: ${({ theme }) => theme.lineHeight.small};

  ${({ theme }) => theme.breakpoints.tablet} {
    grid-column: auto;
  }
`;

const Once = styled.span`
  color: ${({ theme }) => theme.colors.secondary60};
`;

const Frequency = styled.span`
  display: grid;
  grid-template-columns: auto 3rem 6.5rem;
  gap: ${({ theme }) => theme.spacing.xSmall};
  align-items: center;
  color: ${({ theme }) => theme.colors.secondary60};

  ${({ theme }) => theme.breakpoints.tablet} {
    grid-template-columns: auto 4.25rem 7rem;
  }
`;
