import type { Code, Local } from "../module/code.ts";
import type { Tile } from "../tiles/grid.ts";
import { addBits, anyBit, loadVector, op, zero } from "../tiles/simd.ts";
import type { WinogradShape } from "./shape.ts";

/** Of a float's bits, all but the sign: -0 is a zero too. */
const magnitude = 0x7fffffff;

/**
 * Notes for each tile which of its windows hold nothing but zeros: bit y · tile + x for the window of output (y, x). Winograd's
 * products of such a window cancel out, but for rounding; arithmetic says 0, and a relu behind it tells the two apart.
 *
 * Every window of a tile covers one of a few pixels in its middle. Where none of those is zero, nothing else is looked at.
 *
 * @param masks one i32 a tile is written there
 */
export function emitZeroWindows(code: Code, shape: WinogradShape, tile: Tile, masks: Local): void {
  const { tile: side, inputColumnStep, inputRowStep } = shape;
  const read = side + 2;
  const [row, at, to, mask] = Array.from({ length: 4 }, () => code.local("i32"));
  const middle = side === 2 ? [1] : [2, 3];
  code.advance(row, tile.input, 0).advance(to, masks, 0);
  code.repeat(tile.rows, () => {
    code.advance(at, row, 0);
    code.repeat(tile.columns, () => {
      code.constant(0).set(mask);
      for (const y of middle) emitZeroPixels(code, shape, at, y, middle, mask);
      code.get(mask).when(() => {
        const rows = Array.from({ length: read }, () => code.local("i32"));
        for (const [y, zeros] of rows.entries()) {
          code.constant(0).set(zeros);
          emitZeroPixels(code, shape, at, y, [...rows.keys()], zeros);
          // Three zeros side by side.
          code.get(zeros).get(zeros).constant(1).op(op.i32ShrU).op(op.i32And);
          code.get(zeros).constant(2).op(op.i32ShrU).op(op.i32And).set(zeros);
        }
        code.constant(0).set(mask);
        for (let y = 0; y < side; y++) {
          code
            .get(rows[y])
            .get(rows[y + 1])
            .op(op.i32And)
            .get(rows[y + 2])
            .op(op.i32And);
          code
            .constant(y * side)
            .op(op.i32Shl)
            .get(mask)
            .op(op.i32Or)
            .set(mask);
        }
        code.release("i32", ...rows);
      });
      code.get(to).get(mask).memory(op.i32Store, 0);
      code.advance(to, to, 4).advance(at, at, inputColumnStep);
    });
    code.advance(row, row, inputRowStep);
  });
  code.release("i32", row, at, to, mask);
}

/** Sets bit x of `zeros` for each of a patch's pixels (y, x) all of whose channels are zero. */
function emitZeroPixels(
  code: Code,
  { inputs, inputPixel, tapStride }: WinogradShape,
  patch: Local,
  y: number,
  columns: readonly number[],
  zeros: Local,
): void {
  const bits = columns.map(() => code.local("v128"));
  const [vector, from] = [code.local("v128"), code.local("i32")];
  const gather = (channels: number): void => {
    for (const [i, x] of columns.entries()) {
      loadVector(code, vector, from, y * tapStride + x * inputPixel);
      addBits(
        code,
        bits[i],
        vector,
        [0, 1, 2, 3].map((lane) => (lane < channels ? magnitude : 0)),
      );
    }
    code.advance(from, from, 16);
  };
  zero(code, bits);
  code.advance(from, patch, 0);
  code.repeat(Math.floor(inputs / 4), () => gather(4));
  // The lanes behind the last channel belong to the pixel beside it.
  if (inputs % 4 > 0) gather(inputs % 4);
  for (const [i, x] of columns.entries()) {
    anyBit(code, bits[i]);
    code.op(op.i32Eqz).constant(x).op(op.i32Shl).get(zeros).op(op.i32Or).set(zeros);
  }
  code.release("v128", ...bits, vector);
  code.release("i32", from);
}
