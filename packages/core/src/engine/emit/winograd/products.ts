import type { Code, Local } from "../module/code.ts";
import type { Tile } from "../tiles/grid.ts";
import { emitInnerProduct } from "../tiles/inner_product.ts";
import { storeRow, zero } from "../tiles/simd.ts";
import { balanced, panelsOf, type PanelVectors, tileRows } from "../tiles/tiling.ts";
import { skew, type WinogradLayout, type WinogradShape } from "./shape.ts";

/** M[i] = V[i] U[i] for each place i of a patch: [tiles, inputs] · [inputs, channels]. */
export function emitWinogradProducts(
  code: Code,
  shape: WinogradShape,
  { places, valuePlace, valueRow, productPlace, productRow }: WinogradLayout,
  tile: Tile,
  values: Local,
  weights: Local,
  products: Local,
  panelVectors: PanelVectors,
): void {
  const [v, m, w, a, rowOfM, panel, panelM] = Array.from({ length: 7 }, () => code.local("i32"));
  const some = (rows: number, vectors: number): void => {
    const sums = Array.from({ length: rows }, () => Array.from({ length: vectors }, () => code.local("v128")));
    for (const row of sums) zero(code, row);
    code.advance(w, panel, 0);
    emitInnerProduct(code, { sums, offsets: sums.map((_, t) => t * valueRow), a, w, panelVectors }, shape.inputs);
    for (const [t, row] of sums.entries()) storeRow(code, rowOfM, t * productRow, row);
    code.release("v128", ...sums.flat());
    // The inner product has moved `a` along its first row.
    code.advance(a, a, rows * valueRow - shape.inputs * 4).advance(rowOfM, rowOfM, rows * productRow);
  };
  code.advance(v, values, 0).advance(m, products, 0).advance(panel, weights, 0);
  code.repeat(places, () => {
    code.advance(panelM, m, 0);
    for (const { count, vectors } of panelsOf(shape.channels, panelVectors)) {
      code.repeat(count, () => {
        code.advance(a, v, 0).advance(rowOfM, panelM, 0);
        for (const { size, count: tiles } of balanced(tile.rows * tile.columns, tileRows(vectors, panelVectors))) {
          code.repeat(tiles, () => some(size, vectors));
        }
        code.advance(panel, panel, shape.inputs * vectors * 16).advance(panelM, panelM, vectors * 16);
      });
    }
    code.advance(v, v, valuePlace).advance(m, m, productPlace).advance(panel, panel, skew);
  });
  code.release("i32", v, m, w, a, rowOfM, panel, panelM);
}
