import { Code } from "../module/code.ts";
import { loadVectors } from "../tiles/simd.ts";
import type { PanelVectors } from "../tiles/tiling.ts";
import { emitWeightTiles, emitWindows, storeTile, type WeightGradientShape } from "./weight_tiles.ts";

const parameters = { images: 0, input: 1, gradient: 2, target: 3 } as const;

/** Input and gradient that all tiles work off before the next rows: half of the first-level cache, which is 32 KiB and up. */
const blockBytes = 16 * 1024;

/**
 * dw[r, j, k] = Σ_{n, p} in[n, window(p) + r · tapStride + j] · dy[n, p, k]; written, not added.
 *
 * For layers with many windows an image: some rows of windows are worked off by all tiles, then the next. The sums lie in
 * `target` in between.
 */
export function emitWeightGradient(shape: WeightGradientShape, panelVectors: PanelVectors): Code {
  const code = new Code(4);
  const [image, input, gradient] = Array.from({ length: 3 }, () => code.local("i32"));
  const target = code.parameter(parameters.target);
  code.clear(target, shape.taps * shape.segment * shape.channels * 4);
  code.constant(0).set(image);
  code.advance(input, code.parameter(parameters.input), 0).advance(gradient, code.parameter(parameters.gradient), 0);
  const block = (rows: number): void => {
    emitWeightTiles(code, shape, panelVectors, { input, gradient, target }, (tile) => {
      const a = code.local("i32");
      const dy = code.local("i32");
      code.advance(a, tile.input, 0).advance(dy, tile.gradient, 0);
      for (const [t, row] of tile.sums.entries()) loadVectors(code, row, tile.target, t * shape.channels * 4);
      emitWindows(code, shape, tile, rows, a, dy);
      storeTile(code, shape, tile);
      code.release("i32", a, dy);
    });
    code.advance(input, input, rows * shape.inputRowStep).advance(gradient, gradient, rows * shape.gradientRowStep);
  };
  const rowBytes = shape.columns * (shape.inputColumnStep + shape.gradientColumnStep);
  const rows = Math.max(1, Math.min(shape.rows, Math.floor(blockBytes / rowBytes)));
  const rest = shape.rows % rows;
  code.while(image, code.parameter(parameters.images), () => {
    code.repeat(Math.floor(shape.rows / rows), () => block(rows));
    if (rest > 0) block(rest);
    code.advance(input, input, shape.inputImageStride - shape.rows * shape.inputRowStep);
    code.advance(gradient, gradient, shape.gradientImageStride - shape.rows * shape.gradientRowStep);
    code.advance(image, image, 1);
  });
  return code;
}
