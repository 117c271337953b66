import type { Code } from "../module/code.ts";
import { emitCells, splatCellCount } from "./pool_cells.ts";
import { areDisjoint, areTiles, type PoolShape } from "./pool_shape.ts";
import { emitPool } from "./pool_walk.ts";
import { addVectors, divide, loadVectors, storeFloats, zero } from "../tiles/simd.ts";

// Average pooling. Padding does not count as cells.
//
//   out[p, c] = Σ_i in[cell(p, i), c] / cells of p           dx[cell, c] = Σ_p dy[p, c] / cells of p
//
// Sums have the order of a window's cells, and of a cell's windows.

export function emitAveragePool(shape: PoolShape): Code {
  return emitPool(shape, false, (code, part) => {
    const sums = Array.from({ length: part.vectors }, () => code.local("v128"));
    const values = sums.map(() => code.local("v128"));
    const count = code.local("v128");
    zero(code, sums);
    emitCells(code, shape, part, (cell) => {
      loadVectors(code, values, cell.base, cell.offset);
      addVectors(code, sums, values);
    });
    splatCellCount(code, count, part);
    divide(code, sums, count);
    storeFloats(code, part.output, 0, sums, part.channels);
    code.release("v128", ...sums, ...values, count);
  });
}

/** Here the input is dx, which is written as a whole, and the output dy. */
export function emitAveragePoolGradient(shape: PoolShape): Code {
  const disjoint = areDisjoint(shape);
  return emitPool(shape, !areTiles(shape), (code, part) => {
    const share = Array.from({ length: part.vectors }, () => code.local("v128"));
    const sums = share.map(() => code.local("v128"));
    const count = code.local("v128");
    loadVectors(code, share, part.output, 0);
    splatCellCount(code, count, part);
    divide(code, share, count);
    emitCells(code, shape, part, (cell) => {
      if (!disjoint) {
        loadVectors(code, sums, cell.base, cell.offset);
        addVectors(code, sums, share);
      }
      storeFloats(code, cell.base, cell.offset, disjoint ? share : sums, part.channels);
    });
    code.release("v128", ...share, ...sums, count);
  });
}
