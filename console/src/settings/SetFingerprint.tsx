import { Flex, FormControlDescription, Text } from "@bigcommerce/big-design";
import styled from "styled-components";

import { LineButton } from "../parts/LineButton.tsx";
import { t } from "../texts/t.ts";
import { savedText } from "./edits.ts";
import { idOf } from "./fields.ts";
import { focusOn, type FieldProps } from "./SettingField.tsx";

/** A fingerprint that was confirmed: it is shown, and can be forgotten so that another can be confirmed. */
export function SetFingerprint({ spec: { field, help }, editor, dispatch }: FieldProps) {
  const id = idOf(field);
  const name = t(`field.${field}`);
  const isForgotten = editor.edits[field] === "";
  const edit = (value: string | undefined): void => {
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
        {isForgotten ? (
          <Text marginBottom="none">{t("key.forgotten")}</Text>
        ) : (
          <code>{savedText(editor.saved.settings, field)}</code>
        )}
        <LineButton
          text={t(isForgotten ? "secret.keep" : "key.forget")}
          about={name}
          onClick={() => {
            edit(isForgotten ? undefined : "");
          }}
        />
      </Flex>
      {editor.errors[field] && <Text color="danger">{editor.errors[field]}</Text>}
    </Group>
  );
}

const Group = styled.div`
  outline: none;

  code {
    color: ${({ theme }) => theme.colors.secondary70};
    overflow-wrap: anywhere;
  }
`;
