import { printable, shown } from "../printable.ts";
import { CoreError } from "../../errors.ts";

/**
 * Reads the options of one optimizer, and refuses each one that cannot work, by name.
 *
 * @throws `OPTIMIZER_OPTION` naming optimizer, option, what was expected and what came
 */
export class OptimizerOptions {
  readonly #optimizer: string;
  readonly #options: Readonly<Record<string, unknown>>;

  constructor(optimizer: string, options: unknown, known: readonly string[]) {
    this.#optimizer = optimizer;
    if (typeof options !== "object" || options === null || Array.isArray(options)) {
      throw new CoreError("OPTIMIZER_OPTION", `${optimizer} takes an object of options; got ${shown(options)}.`);
    }
    this.#options = { ...options };
    for (const name of Object.keys(options)) {
      if (known.includes(name)) continue;
      throw new CoreError(
        "OPTIMIZER_OPTION",
        `${optimizer} has no option ${printable(name)}; it takes ${known.join(", ")}.`,
      );
    }
  }

  /** Zero or more. */
  amount(name: string, standard: number): number {
    return this.#number(name, standard, "a finite number of at least 0", (value) => value >= 0);
  }

  /** A share of what was: at 1 nothing would ever be forgotten. */
  share(name: string, standard: number): number {
    return this.#number(name, standard, "a number from 0 to below 1", (value) => value >= 0 && value < 1);
  }

  /** More than zero, also as a float32. */
  positive(name: string, standard: number): number {
    return this.#number(name, standard, "a number above 0 that float32 can hold", (value) => value > 0);
  }

  flag(name: string, standard: boolean): boolean {
    const value = this.#options[name] ?? standard;
    return typeof value === "boolean" ? value : this.#refuse(name, "true or false", value);
  }

  #number(name: string, standard: number, expected: string, fits: (rounded: number) => boolean): number {
    const value = this.#options[name] ?? standard;
    if (typeof value === "number") {
      // The kernels compute with the float32.
      const rounded = Math.fround(value);
      if (Number.isFinite(rounded) && fits(value) && fits(rounded)) return value;
    }
    return this.#refuse(name, expected, value);
  }

  #refuse(name: string, expected: string, got: unknown): never {
    throw new CoreError("OPTIMIZER_OPTION", `${this.#optimizer}: ${name} must be ${expected}; got ${shown(got)}.`);
  }
}
