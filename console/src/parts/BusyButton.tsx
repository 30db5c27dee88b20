import { Button, type ButtonProps } from "@bigcommerce/big-design";

interface Props extends ButtonProps {
  /** What it says while it works; a click then does nothing. */
  readonly busy: string | undefined;
}

/** A button that keeps the focus while it works: one that is disabled would lose it. */
export function BusyButton({ busy, onClick, children, ...props }: Props) {
  return (
    <Button
      {...props}
      mobileWidth="auto"
      aria-disabled={busy !== undefined}
      onClick={(event) => {
        if (busy === undefined) onClick?.(event);
      }}
    >
      {busy ?? children}
    </Button>
  );
}
