import { Code, type Local } from "../module/code.ts";
import { addVectors, loadVectors, op, storeRow, zero } from "../tiles/simd.ts";
import { type PanelVectors, tileRows } from "../tiles/tiling.ts";
import { emitWeightTiles, emitWindows, storeTile, type WeightGradientShape, type WeightTile } from "./weight_tiles.ts";

const parameters = { shards: 0, shardsEnd: 1, input: 2, gradient: 3, target: 4, stack: 5 } as const;

/** From so many windows on, an image should be worked off by all tiles before the next, so that it stays in the cache. */
const manyWindows = 64;

/** Whether a layer has few enough windows for a tile to see all images before the next tile does. */
export function sumsShardsInTiles({ rows, columns }: Pick<WeightGradientShape, "rows" | "columns">): boolean {
  return rows * columns < manyWindows;
}

/** Bytes of a tile's sums of one level of the tree. */
export function tileStackBytes(panelVectors: PanelVectors): number {
  return tileRows(panelVectors, panelVectors) * panelVectors * 16;
}

/**
 * The weight gradient of `emitWeightGradient`, of some shards, summed in the order of their tree. A tile is finished before
 * the next one begins, so that sums of shards never leave the first-level cache: for a dense layer, which has more weights
 * than windows, adding them up afterwards took as long as making them.
 *
 * `shards` to `shardsEnd` are pairs of i32: images of a shard, and how many sums of the stack are added to its own. `stack`
 * has room for a tile's sums of each level of the tree.
 */
export function emitShardedWeightGradient(shape: WeightGradientShape, panelVectors: PanelVectors): Code {
  const code = new Code(6);
  const start = {
    input: code.parameter(parameters.input),
    gradient: code.parameter(parameters.gradient),
    target: code.parameter(parameters.target),
  };
  const [shard, top, a, dy, end] = Array.from({ length: 5 }, () => code.local("i32"));
  emitWeightTiles(code, shape, panelVectors, start, (tile) => {
    code.advance(shard, code.parameter(parameters.shards), 0).advance(top, code.parameter(parameters.stack), 0);
    code.advance(a, tile.input, 0).advance(dy, tile.gradient, 0);
    // Or the sums would be, as far as V8 can see, what another tile left in the same locals, and pairs would not match.
    for (const row of tile.sums) zero(code, row);
    code.while(shard, code.parameter(parameters.shardsEnd), () => {
      for (const row of tile.sums) zero(code, row);
      code.get(shard).memory(op.i32Load, 0).constant(shape.gradientImageStride).op(op.i32Mul);
      code.get(dy).op(op.i32Add).set(end);
      code.while(dy, end, () => {
        emitWindows(code, shape, tile, shape.rows, a, dy);
        code.advance(a, a, shape.inputImageStride - shape.rows * shape.inputRowStep);
        code.advance(dy, dy, shape.gradientImageStride - shape.rows * shape.gradientRowStep);
      });
      emitMerges(code, tile, shard, top);
      code.advance(shard, shard, 8);
    });
    storeTile(code, shape, tile);
  });
  code.release("i32", shard, top, a, dy, end);
  return code;
}

/** Adds as many sums from the top of the stack as the shard says, and puts the result there. */
function emitMerges(code: Code, { sums }: WeightTile, shard: Local, top: Local): void {
  const rowBytes = sums[0].length * 16;
  const [merged, merges] = [code.local("i32"), code.local("i32")];
  const earlier = sums[0].map(() => code.local("v128"));
  code.constant(0).set(merged).get(shard).memory(op.i32Load, 4).set(merges);
  code.while(merged, merges, () => {
    code.advance(top, top, -sums.length * rowBytes);
    for (const [t, row] of sums.entries()) {
      loadVectors(code, earlier, top, t * rowBytes);
      addVectors(code, row, earlier);
    }
    code.advance(merged, merged, 1);
  });
  for (const [t, row] of sums.entries()) storeRow(code, top, t * rowBytes, row);
  code.advance(top, top, sums.length * rowBytes);
  code.release("i32", merged, merges);
  code.release("v128", ...earlier);
}
