import { shown } from "../printable.ts";
import { CoreError } from "../../errors.ts";
import { averagePool2d } from "./average_pool2d.ts";
import { conv2d } from "./conv2d.ts";
import { dense } from "./dense.ts";
import { dropout } from "./dropout.ts";
import { flatten } from "./flatten.ts";
import type { Layer } from "./layer.ts";
import { maxPool2d } from "./max_pool2d.ts";
import { relu } from "./relu.ts";

const constructors = new Map<unknown, (options: never) => Layer>(
  Object.entries({ conv2d, maxPool2d, averagePool2d, relu, flatten, dense, dropout }),
);

/**
 * Checks a layer that comes from a file, a message or plain JavaScript, as strictly as its constructor does.
 *
 * @throws `LAYER_KIND` when it is no layer; `LAYER_OPTION` when one of its options is unknown or impossible
 */
export function restoreLayer(value: unknown): Layer {
  if (typeof value === "object" && value !== null && "kind" in value) {
    const { kind, ...options } = value;
    const construct = constructors.get(kind);
    // Each constructor checks whatever it is given.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    if (construct !== undefined) return construct(options as never);
  }
  throw new CoreError(
    "LAYER_KIND",
    `a layer must be one of ${[...constructors.keys()].join(", ")}; got ${shown(value)}. ` +
      `Make layers with the functions of these names.`,
  );
}
