import test from "ava";
import { Code } from "../module/code.ts";
import { emitSingleWindows } from "./grid.ts";
import { Linker } from "../module/linker.ts";

const grid = {
  rows: 1,
  columns: 1,
  inputRowStep: 0,
  inputColumnStep: 0,
  inputImageStride: 60_000,
  outputRowStep: 0,
  outputColumnStep: 0,
  outputImageStride: 4,
};

/** Walks from address 1024 on, and gives how many images the tiles that begin at each image took. */
function tilesOf(images: number): number[] {
  const code = new Code(1);
  const [input, output] = [code.local("i32"), code.local("i32")];
  code.constant(1024).set(input).constant(0).set(output);
  const start = { images: code.parameter(0), input, output, window: output, windowStep: 0 };
  emitSingleWindows(code, grid, start, [8, 4, 2, 1], (tile) => {
    code.get(tile.output).constant(tile.columns).memory(0x36, 0);
  });
  const linker = new Linker("wide");
  const walk = linker.add("walk", code);
  const memory = new WebAssembly.Memory({ initial: 1 });
  linker.link(memory);
  walk.run(images);
  return [...new Int32Array(memory.buffer).subarray(0, images + 16)];
}

test("images of one window are taken by the largest tiles first, whatever their size and address", (t) => {
  for (let images = 0; images < 40; images++) {
    const expected = Array<number>(images + 16).fill(0);
    let left = images;
    for (let at = 0; left > 0;) {
      const tile = left >= 8 ? 8 : left >= 4 ? 4 : left >= 2 ? 2 : 1;
      expected[at] = tile;
      at += tile;
      left -= tile;
    }
    t.deepEqual(tilesOf(images), expected, `${images} images`);
  }
});
