import { printable, shown } from "../printable.ts";
import { CoreError } from "../../errors.ts";
import type { Initializer } from "../initializers/initializer.ts";
import type { Activation, Padding, Pair } from "./layer.ts";

/** Sizes are kept in 32-bit integers by the kernels. */
const largest = 2 ** 31 - 1;

/**
 * Reads the options of one layer, and refuses each one that cannot work, by name.
 *
 * @throws `LAYER_OPTION` naming layer, option, what was expected and what came
 */
export class OptionReader {
  readonly #layer: string;
  readonly #options: Readonly<Record<string, unknown>>;

  constructor(layer: string, options: unknown, known: readonly string[]) {
    this.#layer = layer;
    this.#options = checkOptions(layer, options, known);
  }

  size(name: string): number {
    const value = this.#options[name];
    if (isSize(value)) return value;
    return this.#refuse(name, `a whole number from 1 to ${largest}`, value);
  }

  /** @param most of the product of both. Default: no more than each may be */
  pair(name: string, standard?: number | Pair, most: number = largest ** 2): Pair {
    const value = this.#options[name] ?? standard;
    const pair: readonly unknown[] = Array.isArray(value) && value.length === 2 ? value : [value, value];
    const [vertical, horizontal] = pair;
    if (isSize(vertical) && isSize(horizontal) && vertical * horizontal <= most) return [vertical, horizontal];
    const cells = most === largest ** 2 ? "" : `, at most ${most} cells in all`;
    return this.#refuse(name, `a whole number from 1, or a pair [vertical, horizontal] of them${cells}`, value);
  }

  share(name: string): number {
    const value = this.#options[name];
    if (typeof value === "number" && value >= 0 && value < 1) return value;
    return this.#refuse(name, "a number from 0 to below 1", value);
  }

  flag(name: string, standard: boolean): boolean {
    const value = this.#options[name] ?? standard;
    return typeof value === "boolean" ? value : this.#refuse(name, "true or false", value);
  }

  padding(): Padding {
    return this.#choice("padding", "valid", ["valid", "same"]);
  }

  activation(): Activation {
    return this.#choice("activation", "linear", ["linear", "relu"]);
  }

  initializer(name: string, standard: Initializer): Initializer {
    return this.#choice(name, standard, ["zeros", "glorotUniform", "heUniform", "pytorch"]);
  }

  #choice<T extends string>(name: string, standard: T, choices: readonly T[]): T {
    const value = this.#options[name] ?? standard;
    const found = choices.find((choice) => choice === value);
    return found ?? this.#refuse(name, choices.map((choice) => `"${choice}"`).join(" or "), value);
  }

  #refuse(name: string, expected: string, got: unknown): never {
    const came = got === undefined ? "it is missing" : `got ${shown(got)}`;
    throw new CoreError("LAYER_OPTION", `${this.#layer}: ${name} must be ${expected}; ${came}.`);
  }
}

/**
 * Refuses options that are no object, and names that the layer does not know.
 *
 * @throws `LAYER_OPTION`
 */
export function checkOptions(
  layer: string,
  options: unknown,
  known: readonly string[],
): Readonly<Record<string, unknown>> {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new CoreError("LAYER_OPTION", `${layer} takes an object of options; got ${shown(options)}.`);
  }
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown === undefined) return { ...options };
  const rest = known.length === 0 ? "takes none" : `takes ${known.join(", ")}`;
  throw new CoreError("LAYER_OPTION", `${layer} has no option ${printable(unknown)}; it ${rest}.`);
}

function isSize(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= largest;
}
