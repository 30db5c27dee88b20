/** A product's configuration while somebody edits it: numbers are texts as they were typed. */
import type { Configured, Fault, Period, Product, ProductOption, ProductPatch } from "../api/catalog.ts";
import { t } from "../texts/t.ts";

export interface DraftOption {
  readonly option_id: number;
  readonly every: string;
  readonly every_period: Period;
  readonly is_default: boolean;
}

export interface Draft {
  readonly eligible: boolean;
  readonly options: readonly DraftOption[];
}

export function draftOf(product: Product): Draft {
  return { eligible: product.eligible, options: product.options.map(draftOption) };
}

function draftOption({ option_id, every, every_period, is_default }: Configured): DraftOption {
  const isKnown = every_period >= 0 && every_period <= 3;
  return { option_id, every: every === 0 ? "" : String(every), every_period: isKnown ? every_period : 0, is_default };
}

/** Whether the product is offered with an option that BigCommerce no longer has: saved as it is shown, it is right. */
export function hasLostOption({ faults, options }: Product): boolean {
  return faults.some(
    (fault) => fault.option_id !== null && !options.some(({ option_id }) => option_id === fault.option_id),
  );
}

/** Whether saving the draft would change the product. */
export function differs(draft: Draft, product: Product): boolean {
  const saved = draftOf(product);
  if (draft.eligible !== saved.eligible) return true;
  return draft.options.some((option, index) => {
    const before = saved.options[index];
    return (
      !before ||
      (numberOf(option) ?? option.every) !== numberOf(before) ||
      option.every_period !== before.every_period ||
      option.is_default !== before.is_default
    );
  });
}

/** What was typed, as a number; nothing typed is 0, and what is no whole number is nothing. */
export function numberOf({ every }: DraftOption): number | undefined {
  const text = every.trim();
  if (text === "") return 0;
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

export function withOption(draft: Draft, id: number, part: Partial<Omit<DraftOption, "option_id">>): Draft {
  const options = draft.options.map((option) => (option.option_id === id ? { ...option, ...part } : option));
  return { ...draft, options };
}

/** The default is one option: the others no longer are. */
export function withDefault(draft: Draft, id: number): Draft {
  const options = draft.options.map((option) => {
    const is_default = option.option_id === id;
    return option.is_default === is_default ? option : { ...option, is_default };
  });
  return { ...draft, options };
}

/** The draft as the API takes it. */
export function patchOf(draft: Draft, { id, revision }: Product): ProductPatch {
  const options = draft.options.map((option) => ({ ...option, every: numberOf(option) ?? 0 }));
  return { id, revision, eligible: draft.eligible, ...(options.length > 0 ? { options } : {}) };
}

/** Whether the product has options to subscribe with, as far as that is known. */
export function canBeOffered({ options, options_read }: Product): boolean {
  return options_read && options.length > 0;
}

/** What has to be put right before the draft can be saved. The service judges by the same rules. */
export function faultsOf(draft: Draft, product: Product): Fault[] {
  const faults: Fault[] = draft.options.flatMap((option) => {
    const message = faultOf(
      option,
      product.options.find(({ option_id }) => option_id === option.option_id),
      draft,
    );
    return message ? [{ option_id: option.option_id, message }] : [];
  });
  if (!draft.eligible) return faults;
  if (!canBeOffered(product)) {
    return [
      { option_id: null, message: t(product.options_read ? "products.fault.options" : "product.options.unread") },
    ];
  }
  if (draft.options.filter((option) => option.is_default).length !== 1) {
    faults.push({ option_id: null, message: t("products.fault.default") });
  }
  return faults;
}

function faultOf(option: DraftOption, known: ProductOption | undefined, { eligible }: Draft): string | undefined {
  const every = numberOf(option);
  if (every === undefined) return t("products.fault.number");
  if (!eligible || known?.one_time) return undefined;
  if (every === 0 && option.every_period === 0) return t("products.fault.frequency");
  if (every === 0) return t("products.fault.every");
  if (option.every_period === 0) return t("products.fault.period");
  return undefined;
}

/**
 * Gives every option the frequency that its name states. Where no option is the default, the single purchase becomes
 * it, else the first.
 */
export function filled(draft: Draft, product: Product): Draft {
  const options = draft.options.map((option) => {
    const suggestion = product.options.find(({ option_id }) => option_id === option.option_id)?.suggestion;
    return suggestion ? { ...draftOption({ ...option, ...suggestion }), option_id: option.option_id } : option;
  });
  const withFrequencies = { ...draft, options };
  if (options.some((option) => option.is_default)) return withFrequencies;
  const chosen = product.options.find((option) => option.one_time) ?? product.options[0];
  return chosen ? withDefault(withFrequencies, chosen.option_id) : withFrequencies;
}

/** Whether there is something obvious that nobody filled in. */
export function canFill(draft: Draft, product: Product): boolean {
  return draft.options.some((option) => {
    const known = product.options.find(({ option_id }) => option_id === option.option_id);
    return known?.suggestion && !known.one_time && numberOf(option) === 0 && option.every_period === 0;
  });
}
