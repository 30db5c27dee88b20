import styled from "styled-components";

import { SelectBox, Stacked } from "../parts/controls.ts";
import { Note } from "../parts/Note.tsx";
import { idOf } from "../settings/fields.ts";
import { t } from "../texts/t.ts";
import { optionsOf, PARTS, partsOf, PRESETS, presetOf, withPart } from "./schedule.ts";

const ID = idOf("feeds.schedule");

interface Props {
  readonly expression: string;
  readonly error: string | undefined;
  readonly onChange: (expression: string) => void;
}

/** When feeds are sent: as one of the usual choices, or part by part. */
export function ScheduleChoice({ expression, error, onChange }: Props) {
  const parts = partsOf(expression);
  const preset = presetOf(expression);
  return (
    <div data-schedule={expression}>
      <Preset>
        {t("schedule.preset")}
        <SelectBox
          id="schedule-preset"
          value={preset ?? ""}
          onChange={(event) => {
            onChange(event.target.value);
          }}
        >
          {preset === undefined && (
            <option value="" disabled>
              {t("schedule.own")}
            </option>
          )}
          {PRESETS.map((each) => (
            <option key={each.expression} value={each.expression}>
              {t(each.text)}
            </option>
          ))}
        </SelectBox>
      </Preset>
      <Five id={ID} tabIndex={-1} {...(error ? { "aria-describedby": `${ID}-error` } : {})}>
        <legend>{t("schedule.parts")}</legend>
        {!parts && <p>{t("schedule.raw", { expression })}</p>}
        {PARTS.map((part) => (
          <Stacked key={part}>
            {t(`part.${part}`)}
            <SelectBox
              id={`schedule-${part}`}
              value={parts?.[part] ?? "*"}
              aria-invalid={error !== undefined}
              onChange={(event) => {
                onChange(withPart(expression, part, event.target.value));
              }}
            >
              {optionsOf(part, parts?.[part] ?? "*").map(({ value, label }) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </SelectBox>
          </Stacked>
        ))}
      </Five>
      {error && (
        <Note kind="error" id={`${ID}-error`}>
          {error}
        </Note>
      )}
    </div>
  );
}

const Preset = styled(Stacked)`
  max-width: 22rem;
`;

const Five = styled.fieldset`
  display: grid;
  grid-template-columns: repeat(auto-fit, minmax(8rem, 1fr));
  gap: ${({ theme }) => `${theme.spacing.small} ${theme.spacing.medium}`};
  margin: ${({ theme }) => `${theme.spacing.large} 0 0`};
  padding: 0;
  border: none;
  outline: none;

  legend {
    margin-bottom: ${({ theme }) => theme.spacing.xSmall};
    padding: 0;
    color: ${({ theme }) => theme.colors.secondary70};
    font-weight: ${({ theme }) => theme.typography.fontWeight.semiBold};
  }

  p {
    grid-column: 1 / -1;
    margin: 0;
    color: ${({ theme }) => theme.colors.secondary70};
  }
`;
