import { Message, type MessageProps } from "@bigcommerce/big-design";
import { useEffect, useRef } from "react";

/** BigDesign's Message, its heading at the level that follows the page's own. */
export function Callout(props: MessageProps) {
  const around = useRef<HTMLDivElement>(null);
  useEffect(() => {
    around.current?.querySelector("h4")?.setAttribute("aria-level", "2");
  });
  return (
    <div ref={around}>
      <Message marginBottom="medium" {...props} />
    </div>
  );
}
