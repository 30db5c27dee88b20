import { Modal, type ModalAction } from "@bigcommerce/big-design";
import { useEffect, useRef, type ReactNode } from "react";

interface Props {
  readonly isOpen: boolean;
  readonly heading: string;
  /** An action without a click of its own closes. */
  readonly actions: readonly ModalAction[];
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A question or a notice over the page. */
export function Dialog({ isOpen, heading, actions, onClose, children }: Props) {
  return (
    <Modal
      isOpen={isOpen}
      header={heading}
      variant="dialog"
      onClose={onClose}
      actions={actions.map((action) => ({ onClick: onClose, ...action }))}
    >
      <NamesItsDialog>{children}</NamesItsDialog>
    </Modal>
  );
}

/** BigDesign's Modal puts its name on a plain box inside the dialog, where no screen reader looks for it. */
function NamesItsDialog({ children }: { readonly children: ReactNode }) {
  const inside = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const dialog = inside.current?.closest('[role="dialog"]');
    const named = dialog?.querySelector("[aria-labelledby]");
    const name = named?.getAttribute("aria-labelledby");
    if (!name) return;
    dialog?.setAttribute("aria-labelledby", name);
    named?.removeAttribute("aria-labelledby");
  }, []);
  return <div ref={inside}>{children}</div>;
}
