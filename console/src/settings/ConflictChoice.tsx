import { Button, Flex, Text } from "@bigcommerce/big-design";
import styled from "styled-components";

import { nameOf } from "../parts/people.ts";
import { t } from "../texts/t.ts";
import type { Event } from "./editor.ts";
import { idOf, type Field } from "./fields.ts";
import type { Conflict } from "./rebase.ts";
import { focusOn } from "./SettingField.tsx";

interface Props {
  readonly field: Field;
  readonly conflict: Conflict;
  readonly dispatch: (event: Event) => void;
}

/** Two people changed one field: what the other made of it, and a choice. */
export function ConflictChoice({ field, conflict, dispatch }: Props) {
  const id = idOf(field);
  const name = t(`field.${field}`);
  const choose = (type: "kept_mine" | "took_theirs"): void => {
    dispatch({ type, field });
    focusOn(id);
  };
  return (
    <Box role="group" aria-labelledby={`${id}-conflict`} data-conflict={field}>
      <Text bold id={`${id}-conflict`} marginBottom="xxSmall">
        {t("settings.conflict.legend", { field: name, who: nameOf(conflict.user) })}
      </Text>
      <Text marginBottom="xSmall">{theirs(conflict)}</Text>
      <Flex flexDirection="row" flexWrap="wrap" flexGap="0.5rem">
        <Button
          type="button"
          variant="secondary"
          mobileWidth="auto"
          aria-label={t("action.of", { action: t("settings.conflict.mine"), about: name })}
          onClick={() => {
            choose("kept_mine");
          }}
        >
          {t("settings.conflict.mine")}
        </Button>
        <Button
          type="button"
          variant="secondary"
          mobileWidth="auto"
          aria-label={t("action.of", { action: t("settings.conflict.take"), about: name })}
          onClick={() => {
            choose("took_theirs");
          }}
        >
          {t("settings.conflict.take")}
        </Button>
      </Flex>
    </Box>
  );
}

function theirs({ theirs: value }: Conflict): string {
  switch (value.kind) {
    case "replaced":
    case "removed":
      return t(`settings.conflict.${value.kind}`);
    case "text":
      return value.text === ""
        ? t("settings.conflict.theirs.default")
        : t("settings.conflict.theirs", { value: value.text });
  }
}

const Box = styled.div`
  margin-top: ${({ theme }) => theme.spacing.small};
  padding: ${({ theme }) => theme.spacing.small};
  border-left: ${({ theme }) => theme.spacing.xxSmall} solid ${({ theme }) => theme.colors.warning};
  background: ${({ theme }) => theme.colors.warning10};
  overflow-wrap: anywhere;

  .bd-button {
    margin: 0;
    background: ${({ theme }) => theme.colors.white};
  }
`;
