import { Flex, Panel, ProgressCircle, Text } from "@bigcommerce/big-design";

/** Something is on its way. */
export function Loading({ text }: { readonly text: string }) {
  return (
    <Panel>
      <Flex role="status" flexDirection="column" alignItems="center" padding="xLarge">
        <span aria-hidden="true">
          <ProgressCircle size="medium" />
        </span>
        <Text marginTop="medium">{text}</Text>
      </Flex>
    </Panel>
  );
}
