import { type Border, noBorder } from "./activation.ts";
import type { Block } from "./blocks.ts";
import { filterGeometry } from "./filter_geometry.ts";
import { usesWinograd, wholeTiles } from "./winograd_choice.ts";

/** The zeros that a block wants around its input. */
export function borderWanted(block: Block | undefined): Border {
  if (block?.kind !== "convolution") return noBorder;
  const geometry = filterGeometry(block);
  const { outputHeight, outputWidth, border } = geometry;
  return !block.pooled && usesWinograd(geometry) ? wholeTiles(border, outputHeight, outputWidth) : border;
}
