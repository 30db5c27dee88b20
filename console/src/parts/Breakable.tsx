import { Fragment } from "react";

/** Text that would rather break before a sign of an address than in the middle of a word. */
export function Breakable({ text }: { readonly text: string }) {
  return text.split(/(?=[@.]|(?<!\/)\/)/).map((part, index) => (
    <Fragment key={index}>
      {index > 0 && <wbr />}
      {part}
    </Fragment>
  ));
}
