import { CoreError } from "../../errors.ts";
import { type Config, type Kind, makeKind } from "../options/kind.ts";
import type { OptionTable } from "../options/option.ts";

/** What is known of a kind of optimizer besides its options. Its formula stands in `assembly/shared/`, under its name. */
export interface OptimizerRules<Optimizer> {
  /** As people write it. */
  readonly title: string;
  /**
   * Names of the vectors, as long as the parameters and 0 at first, that it keeps from step to step: at most two. Its kernel
   * takes them in this order, and a checkpoint calls them so.
   */
  state(optimizer: Optimizer): readonly string[];
  /** Writes the numbers that its kernel takes after the vectors, at most `mostScalars`. @param step counted from 1 */
  scalars(optimizer: Optimizer, step: number, into: Float64Array): void;
}

export type OptimizerKind<Name extends string, Table extends OptionTable> = Kind<
  Name,
  Table,
  OptimizerRules<Config<Name, Table>>
>;

export const mostScalars = 7;

/**
 * Makes a kind of optimizer.
 *
 * @param check judges options that are right each by itself
 */
export function optimizerKind<Name extends string, Table extends OptionTable>(
  kind: Name,
  options: Table,
  rules: OptimizerRules<Config<Name, Table>>,
  check?: (optimizer: Config<Name, Table>) => string | undefined,
): OptimizerKind<Name, Table> {
  return makeKind(kind, options, rules, (message) => new CoreError("OPTIMIZER_OPTION", message), check);
}
