import { CoreError } from "../../errors.ts";
import { type ConfigOf, restoreConfig } from "../options/kind.ts";
import { adam } from "./adam.ts";
import type { OptimizerRules } from "./optimizer_kind.ts";
import { sgd } from "./sgd.ts";

/** All kinds of optimizers: each is one file, one line here, and one kernel in `assembly/shared/`. */
export const optimizers = { sgd, adam } as const;

/** Optimizers are plain data: the rule and its numbers. State (velocity, moments) lies beside the parameters. */
export type Optimizer = ConfigOf<(typeof optimizers)[keyof typeof optimizers]>;

/** What is known of the optimizer's kind. */
export function rulesOf({ kind }: Optimizer): OptimizerRules<Optimizer> {
  return optimizers[kind];
}

/** Names of the vectors that the optimizer keeps beside the parameters: the velocity, or Adam's m and v. */
export function stateOf(optimizer: Optimizer): readonly string[] {
  return rulesOf(optimizer).state(optimizer);
}

/** Floats of optimizer state for each parameter. */
export function stateCount(optimizer: Optimizer): number {
  return stateOf(optimizer).length;
}

/**
 * Checks an optimizer that comes from a file, a message or plain JavaScript, as strictly as its constructor does.
 *
 * @throws `OPTIMIZER_KIND` when it is no optimizer; `OPTIMIZER_OPTION` when one of its options is unknown or impossible
 */
export function restoreOptimizer(value: unknown): Optimizer {
  const names = Object.keys(optimizers);
  return restoreConfig<Optimizer>(
    optimizers,
    value,
    (came) =>
      new CoreError(
        "OPTIMIZER_KIND",
        `an optimizer must be ${names.join(" or ")}; got ${came}. ` +
          `Make it with ${names.map((name) => `${name}()`).join(" or ")}.`,
      ),
  );
}
