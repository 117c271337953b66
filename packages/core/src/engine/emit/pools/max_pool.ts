import type { Code, Local } from "../module/code.ts";
import { emitCells, type PoolPart, splatCellOffset } from "./pool_cells.ts";
import { areDisjoint, areTiles, type PoolShape } from "./pool_shape.ts";
import { emitPool } from "./pool_walk.ts";
import { largerOrNaN, loadVectors, op, storeFloats, take, maskWhereEqual, zero } from "../tiles/simd.ts";

// Max pooling that no convolution could take into its epilogue.
//
//   out[p, c] = max_i in[cell(p, i), c]           dx[winning cell, c] += dy[p, c]
//
// The first cell wins where several are equal; a NaN wins, so that it travels on. `winners` holds the winning cell as its
// distance in bytes from the window's first.

export function emitMaxPool(shape: PoolShape): Code {
  return emitPool(shape, false, (code, part) => {
    const [best, winners, values, masks] = Array.from({ length: 4 }, () => vectorsOf(code, part));
    const offset = code.local("v128");
    const offsets = best.map(() => offset);
    loadVectors(code, best, part.input, 0);
    zero(code, winners);
    emitCells(code, shape, part, (cell) => {
      if (cell.base === part.input && cell.offset === 0) return;
      loadVectors(code, values, cell.base, cell.offset);
      splatCellOffset(code, offset, cell, part);
      largerOrNaN(code, masks, values, best);
      take(code, best, values, masks);
      take(code, winners, offsets, masks);
    });
    storeFloats(code, part.output, 0, best, part.channels);
    storeFloats(code, part.winners, 0, winners, part.channels);
    code.release("v128", ...best, ...winners, ...values, ...masks, offset);
  });
}

/** Here the input is dx, which is written as a whole, and the output dy. */
export function emitMaxPoolGradient(shape: PoolShape): Code {
  const emit = areDisjoint(shape) ? emitEveryCell : emitWinners;
  return emitPool(shape, !areTiles(shape), (code, part) => emit(code, shape, part));
}

/** Cells that are in one window only: each gets the gradient or zero. */
function emitEveryCell(code: Code, shape: PoolShape, part: PoolPart): void {
  const [gradient, winners, values] = Array.from({ length: 3 }, () => vectorsOf(code, part));
  const offset = code.local("v128");
  loadVectors(code, gradient, part.output, 0);
  loadVectors(code, winners, part.winners, 0);
  emitCells(code, shape, part, (cell) => {
    splatCellOffset(code, offset, cell, part);
    maskWhereEqual(code, values, gradient, winners, offset);
    storeFloats(code, cell.base, cell.offset, values, part.channels);
  });
  code.release("v128", ...gradient, ...winners, ...values, offset);
}

/** Where windows overlap, one addition a channel is less than one a cell. */
function emitWinners(code: Code, _shape: PoolShape, { input, output, winners, channels }: PoolPart): void {
  const to = code.local("i32");
  for (let c = 0; c < channels; c++) {
    code
      .get(winners)
      .memory(op.i32Load, c * 4)
      .get(input)
      .op(op.i32Add)
      .set(to);
    code
      .get(to)
      .get(to)
      .memory(op.f32Load, c * 4)
      .get(output)
      .memory(op.f32Load, c * 4);
    code.op(op.f32Add).memory(op.f32Store, c * 4);
  }
  code.release("i32", to);
}

function vectorsOf(code: Code, { vectors }: PoolPart): Local[] {
  return Array.from({ length: vectors }, () => code.local("v128"));
}
