import { UsageError } from "../errors.ts";
import type { Option } from "./option.ts";
import { shown } from "./shown.ts";

interface NumberOption<Initial> {
  readonly description: string;
  readonly initial: Initial;
  /** When the help should say more than the initial value. */
  readonly defaultText?: string;
}

interface WholeNumberOption<Initial> extends NumberOption<Initial> {
  readonly least: number;
  readonly most: number;
}

/** A whole number from `least` to `most`, in decimal digits. */
export function wholeNumber<Initial extends number | undefined>(
  option: WholeNumberOption<Initial>,
): Option<number | Initial> {
  const { least, most } = option;
  return numberOption("<n>", option, `a whole number from ${least} to ${most}`, (value, digits) => {
    return /^[+-]?\d+$/.test(digits) && value >= least && value <= most;
  });
}

interface DecimalOption<Initial> extends NumberOption<Initial> {
  /** Says what `fits` allows, as in "a number above 0". */
  readonly expected: string;
  readonly fits: (value: number) => boolean;
}

/** A number in decimal or scientific notation. The kernels compute with its float32, which must fit as well. */
export function decimal<Initial extends number | undefined>(option: DecimalOption<Initial>): Option<number | Initial> {
  return numberOption("<number>", option, option.expected, (value) => {
    const rounded = Math.fround(value);
    return Number.isFinite(rounded) && option.fits(value) && option.fits(rounded);
  });
}

function numberOption<Initial extends number | undefined>(
  placeholder: string,
  { description, initial, defaultText = initial === undefined ? undefined : String(initial) }: NumberOption<Initial>,
  expected: string,
  fits: (value: number, text: string) => boolean,
): Option<number | Initial> {
  return {
    placeholder,
    description,
    ...(defaultText === undefined ? {} : { defaultText }),
    initial,
    parse: (text, name) => {
      // Number() alone would take "", " 1", "0x10" and "Infinity".
      const value = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : NaN;
      if (fits(value, text)) return value;
      throw new UsageError("OPTION_VALUE", `${name} must be ${expected}; got ${shown(text)}.`);
    },
  };
}
