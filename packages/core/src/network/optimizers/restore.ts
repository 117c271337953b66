import { shown } from "../printable.ts";
import { CoreError } from "../../errors.ts";
import { adam } from "./adam.ts";
import type { Optimizer } from "./optimizer.ts";
import { sgd } from "./sgd.ts";

const constructors: { readonly [K in Optimizer["kind"]]: (options: object) => Optimizer } = { sgd, adam };

/**
 * Checks an optimizer that comes from a file, a message or plain JavaScript, as strictly as its constructor does.
 *
 * @throws `OPTIMIZER_KIND` when it is no optimizer; `OPTIMIZER_OPTION` when one of its options is unknown or impossible
 */
export function restoreOptimizer(value: unknown): Optimizer {
  if (typeof value === "object" && value !== null && "kind" in value) {
    const { kind, ...options } = value;
    if (kind === "sgd" || kind === "adam") return constructors[kind](options);
  }
  throw new CoreError(
    "OPTIMIZER_KIND",
    `an optimizer must be sgd or adam; got ${shown(value)}. Make it with sgd() or adam().`,
  );
}
