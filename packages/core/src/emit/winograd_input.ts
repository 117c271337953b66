import type { Code, Local } from "./code.ts";
import type { Tile } from "./grid.ts";
import { loadVectors, storeRow } from "./simd.ts";
import type { PanelVectors } from "./tiling.ts";
import type { WinogradLayout, WinogradShape } from "./winograd_shape.ts";
import { transforms } from "./winograd_transforms.ts";

/** V = Bᵀ d B for every tile and channel: along the columns of the patch, then along its rows. */
export function emitWinogradInput(
  code: Code,
  shape: WinogradShape,
  { valuePlace, valueRow }: WinogradLayout,
  tile: Tile,
  values: Local,
  panelVectors: PanelVectors,
): void {
  const side = shape.tile + 2;
  const { input: transform } = transforms[shape.tile];
  const [from, row, to] = Array.from({ length: 3 }, () => code.local("i32"));
  const vectors = valueRow / 16;
  const unit = panelVectors / 2;
  const some = (count: number): void => {
    const patch = Array.from({ length: side * side }, () => Array.from({ length: count }, () => code.local("v128")));
    for (let x = 0; x < side; x++) {
      const column = Array.from({ length: side }, (_, y) => patch[y * side + x]);
      for (const [y, value] of column.entries()) {
        loadVectors(code, value, from, y * shape.tapStride + x * shape.inputPixel);
      }
      transform(code, column);
    }
    for (let y = 0; y < side; y++) {
      const places = patch.slice(y * side, (y + 1) * side);
      transform(code, places);
      for (const [x, value] of places.entries()) storeRow(code, to, (y * side + x) * valuePlace, value);
    }
    code.release("v128", ...patch.flat());
    code.advance(from, from, count * 16).advance(to, to, count * 16);
  };
  code.advance(row, tile.input, 0).advance(to, values, 0);
  code.repeat(tile.rows, () => {
    code.advance(from, row, 0);
    code.repeat(tile.columns, () => {
      code.repeat(Math.floor(vectors / unit), () => some(unit));
      if (vectors % unit > 0) some(vectors % unit);
      code.advance(from, from, shape.inputColumnStep - valueRow);
    });
    code.advance(row, row, shape.inputRowStep);
  });
  code.release("i32", from, row, to);
}
