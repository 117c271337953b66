import type { Code, Local } from "../module/code.ts";
import type { Tile } from "../tiles/grid.ts";
import { loadVectors, storeRow } from "../tiles/simd.ts";
import type { Values } from "./transforms.ts";

/** Square patches of an image, one for each tile, and the places that they are transformed to. Strides are bytes. */
export interface Patches {
  /** Values of a patch along each axis, and what the transform makes of them. */
  readonly read: number;
  readonly side: number;
  /** In place, along one axis: `side` values of which the first `read` are given. */
  readonly transform: (code: Code, values: Values) => void;
  /** Bytes of a pixel's channels in whole vectors, or more: so many are read of each pixel, and lie at each place. */
  readonly pixelBytes: number;
  /** From a pixel of a patch to the one beside it and to the one below. */
  readonly beside: number;
  readonly below: number;
  /** From a patch to the next in its row, and to the next row. */
  readonly columnStep: number;
  readonly rowStep: number;
  /** From a place to the next. */
  readonly placeBytes: number;
}

/** [place][tile][channels] of all tiles: each channel's patch is transformed along its columns, then along its rows. */
export function emitPatches(
  code: Code,
  { read, side, transform, pixelBytes, beside, below, columnStep, rowStep, placeBytes }: Patches,
  { rows, columns }: Pick<Tile, "rows" | "columns">,
  source: Local,
  target: Local,
  unit: number,
): void {
  const [from, row, to] = Array.from({ length: 3 }, () => code.local("i32"));
  const vectors = pixelBytes / 16;
  const some = (count: number): void => {
    const patch = Array.from({ length: side * side }, () => Array.from({ length: count }, () => code.local("v128")));
    for (let x = 0; x < read; x++) {
      const column = Array.from({ length: side }, (_, y) => patch[y * side + x]);
      for (let y = 0; y < read; y++) loadVectors(code, column[y], from, y * below + x * beside);
      transform(code, column);
    }
    for (let y = 0; y < side; y++) {
      const places = patch.slice(y * side, (y + 1) * side);
      transform(code, places);
      for (const [x, value] of places.entries()) storeRow(code, to, (y * side + x) * placeBytes, value);
    }
    code.release("v128", ...patch.flat());
    code.advance(from, from, count * 16).advance(to, to, count * 16);
  };
  code.advance(row, source, 0).advance(to, target, 0);
  code.repeat(rows, () => {
    code.advance(from, row, 0);
    code.repeat(columns, () => {
      code.repeat(Math.floor(vectors / unit), () => some(unit));
      if (vectors % unit > 0) some(vectors % unit);
      code.advance(from, from, columnStep - pixelBytes);
    });
    code.advance(row, row, rowStep);
  });
  code.release("i32", from, row, to);
}
