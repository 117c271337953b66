import type { Operations } from "./cell.ts";
import { elementwiseOperations } from "./elementwise.ts";
import { imageOperations } from "./images.ts";
import { movementOperations } from "./movement.ts";
import { reductionOperations } from "./reductions.ts";

/** Operations that take tensors of more than one type, by name. */
export const operations: Operations = {
  ...elementwiseOperations,
  ...imageOperations,
  ...movementOperations,
  ...reductionOperations,
};
