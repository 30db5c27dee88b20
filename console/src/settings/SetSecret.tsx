import { Flex, FormControlDescription, Text } from "@bigcommerce/big-design";
import { CheckCircleIcon } from "@bigcommerce/big-design-icons";
import styled from "styled-components";

import { LineButton } from "../parts/LineButton.tsx";
import { t } from "../texts/t.ts";
import { idOf } from "./fields.ts";
import { focusOn, type FieldProps } from "./SettingField.tsx";

/** A secret that is set is never shown: it can be replaced or removed. */
export function SetSecret({ spec: { field, help }, editor, dispatch }: FieldProps) {
  const id = idOf(field);
  const name = t(`field.${field}`);
  const edit = (value: string | null | undefined): void => {
    dispatch({ type: "edited", field, value });
    focusOn(id);
  };
  return (
    <Group id={id} role="group" aria-labelledby={`${id}-label`} tabIndex={-1}>
      <Text bold id={`${id}-label`} marginBottom="xxSmall">
        {name}
      </Text>
      {help && <FormControlDescription>{t(help)}</FormControlDescription>}
      <Flex flexDirection="row" flexWrap="wrap" alignItems="center" flexGap="0.75rem" marginTop="xSmall">
        {editor.edits[field] === null ? (
          <>
            <Text marginBottom="none">{t("secret.removed")}</Text>
            <LineButton
              text={t("secret.keep")}
              about={name}
              onClick={() => {
                edit(undefined);
              }}
            />
          </>
        ) : (
          <>
            <Flex flexDirection="row" alignItems="center" flexGap="0.25rem">
              <CheckCircleIcon color="success50" />
              <Text marginBottom="none">{t("secret.set")}</Text>
            </Flex>
            <LineButton
              text={t("secret.replace")}
              about={name}
              onClick={() => {
                edit("");
              }}
            />
            <LineButton
              text={t("secret.remove")}
              about={name}
              onClick={() => {
                edit(null);
              }}
            />
          </>
        )}
      </Flex>
    </Group>
  );
}

const Group = styled.div`
  outline: none;
`;
