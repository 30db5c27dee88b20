import type { Product } from "../api/catalog.ts";
import { Callout } from "../parts/Callout.tsx";
import { Failure } from "../parts/Failure.tsx";
import { count, t } from "../texts/t.ts";
import { ProductLinks } from "./ProductLinks.tsx";
import type { Outcome } from "./saving.ts";

interface Props {
  readonly outcome: Outcome;
  readonly onAgain: () => void;
  /** Brings a product into sight, wherever in the list it is. */
  readonly onShow: (product: Product) => void;
}

/** What came of the last try to save, above the list. */
export function OutcomeMessage({ outcome, onAgain, onShow }: Props) {
  switch (outcome.kind) {
    case "none":
    case "saved":
      return null;
    case "nothing":
    case "discarded":
      return <Callout type="info" messages={[{ text: t(`settings.${outcome.kind}`) }]} />;
    case "stopped":
      return <Stopped outcome={outcome} onAgain={onAgain} onShow={onShow} />;
  }
}

type StoppedOutcome = Extract<Outcome, { kind: "stopped" }>;

function Stopped({ outcome, onAgain, onShow }: Props & { readonly outcome: StoppedOutcome }) {
  const { saved, faulty, moved, gone, refusal } = outcome;
  return (
    <div id="save-outcome" tabIndex={-1}>
      {refusal && <Failure refusal={refusal} heading={t("products.failed.heading")} onAgain={onAgain} />}
      {faulty.length > 0 && (
        <Callout
          type="error"
          header={t("products.invalid.heading")}
          messages={[{ text: count("products.invalid", faulty.length) }]}
        />
      )}
      {faulty.length > 0 && <ProductLinks label={t("products.invalid.heading")} products={faulty} onShow={onShow} />}
      {moved.length + gone > 0 && (
        <Callout
          type="warning"
          header={t("products.moved.heading")}
          messages={[
            ...(moved.length > 0 ? [{ text: count("products.moved", moved.length) }] : []),
            ...(gone > 0 ? [{ text: count("products.gone", gone) }] : []),
          ]}
        />
      )}
      {moved.length > 0 && <ProductLinks label={t("products.moved.heading")} products={moved} onShow={onShow} />}
      {saved > 0 && <Callout type="info" messages={[{ text: count("products.saved.some", saved) }]} />}
    </div>
  );
}
