import { emitConvolve } from "./direct/convolve.ts";
import { type KernelVariant, Linker } from "./module/linker.ts";
import { panelBytes } from "./tiles/tiling.ts";

/** Large enough that a call costs nothing beside it, small enough for the caches. */
const rows = 256;
const inner = 512;
const columns = 128;

/** V8 compiles a function with its optimizing compiler once it has run for some milliseconds. */
const warmUpRounds = 60;
const rounds = 40;

/**
 * The rate of a bare matrix product, [256, 512] × [512, 128], with the emitted kernels here and now: what convolutions and
 * dense layers can be measured by. Takes about a tenth of a second.
 *
 * @param variant which kernels; "wide" reaches its rate only where V8 runs with --experimental-wasm-revectorize
 * @returns GFLOP/s of the fastest of several products
 */
export function productRate(variant: KernelVariant): number {
  const linker = new Linker(variant);
  const shape = { rows: 1, columns: 1, taps: 1, segment: inner, channels: columns, clip: undefined };
  const steps = { inputRowStep: 0, inputColumnStep: 0, outputRowStep: 0, outputColumnStep: 0, tapStride: 0 };
  const strides = { inputImageStride: inner * 4, outputImageStride: columns * 4 };
  const product = linker.add("product", emitConvolve({ ...shape, ...steps, ...strides }, linker.panelVectors));
  const input = 0;
  const weights = input + rows * inner * 4;
  const bias = weights + panelBytes(inner, columns, linker.panelVectors);
  const output = bias + columns * 4;
  const bytes = output + rows * columns * 4;
  const memory = new WebAssembly.Memory({ initial: Math.ceil((bytes + 64) / 65_536) });
  // Zeros would do: multiply-adds take as long for any numbers that are not tiny.
  new Float32Array(memory.buffer, input, bias / 4).fill(0.5);
  linker.link(memory);
  let best = Infinity;
  for (let round = -warmUpRounds; round < rounds; round++) {
    const start = performance.now();
    product.run(rows, input, weights, bias, output, 0);
    const milliseconds = performance.now() - start;
    if (round >= 0) best = Math.min(best, milliseconds);
  }
  return (2 * rows * inner * columns) / best / 1e6;
}
