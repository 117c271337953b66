import { type Border, noBorder } from "./activation.ts";
import type { Block } from "../blocks.ts";
import { filterGeometry } from "./filter_geometry.ts";
import { forwardOutputs, forwardTile, wholeTiles } from "../choice/winograd_choice.ts";

/** The zeros that a block wants around its input. */
export function borderWanted(block: Block | undefined): Border {
  if (block?.kind !== "convolution") return noBorder;
  const geometry = filterGeometry(block);
  const { border, height, width } = geometry;
  const tile = forwardTile(geometry, block.pooled);
  return tile === undefined
    ? border
    : wholeTiles(border, [height, width], forwardOutputs(geometry, block.pooled), tile);
}
