import type { Code, Local } from "../module/code.ts";
import { loadVectors, multiplyAdd, storeRow } from "../tiles/simd.ts";

/** Some weights of some filters: sums in registers, a lane for each window of a register. Strides are bytes. */
export interface WeightSums {
  /** Address of the image, and from there to each weight's input in the first window. */
  readonly input: Local;
  readonly taps: readonly number[];
  readonly inputRowStep: number;
  /** Addresses of the first filter's gradient, [channel][row][window], and of its first sum. */
  readonly gradient: Local;
  readonly sums: Local;
  readonly filters: number;
  /** From `sums` to a weight's sum of a filter. */
  readonly sumAt: (tap: number, filter: number) => number;
  readonly rows: number;
  readonly lanes: number;
  readonly count: number;
  readonly early: number;
  readonly rowBytes: number;
  readonly channelStep: number;
}

/**
 * sums[tap, k] += in[window + tap] · gradient[k, window] over all windows of an image.
 *
 * @param unit vectors that the kernel works on together
 */
export function emitWeightSums(code: Code, of: WeightSums, unit: number): void {
  const { input, taps, gradient, sums, filters, sumAt, rows, lanes, count, early, rowBytes, channelStep } = of;
  const vectors = (length: number): Local[][] =>
    Array.from({ length }, () => Array.from({ length: unit }, () => code.local("v128")));
  const held = taps.map(() => vectors(filters));
  const each = (visit: (sum: readonly Local[], at: number) => void): void => {
    for (const [t, row] of held.entries()) for (const [k, sum] of row.entries()) visit(sum, sumAt(t, k));
  };
  // The fewer of inputs and gradients stay in registers, while the others come one by one.
  const holdsInputs = taps.length <= filters;
  const x = vectors(holdsInputs ? taps.length : 1);
  const dy = vectors(holdsInputs ? 1 : filters);
  const [a, g] = [code.local("i32"), code.local("i32")];
  const loadInput = (target: readonly Local[], t: number): void => loadVectors(code, target, a, taps[t]);
  const loadGradient = (target: readonly Local[], k: number): void => loadVectors(code, target, g, k * channelStep);
  const add = (sum: readonly Local[], inputs: readonly Local[], gradients: readonly Local[]): void => {
    for (const [n, vector] of sum.entries()) multiplyAdd(code, [vector], inputs[n], [gradients[n]]);
  };
  const step = (): void => {
    if (holdsInputs) {
      for (const [t, target] of x.entries()) loadInput(target, t);
      for (let k = 0; k < filters; k++) {
        loadGradient(dy[0], k);
        for (const [t, inputs] of x.entries()) add(held[t][k], inputs, dy[0]);
      }
    } else {
      for (const [k, target] of dy.entries()) loadGradient(target, k);
      for (const [t, row] of held.entries()) {
        loadInput(x[0], t);
        for (const [k, gradients] of dy.entries()) add(row[k], x[0], gradients);
      }
    }
  };
  each((sum, at) => loadVectors(code, sum, sums, at));
  code.advance(a, input, 0).advance(g, gradient, 0);
  code.repeat(rows, () => {
    code.repeat(count - 1, () => {
      step();
      code.advance(a, a, lanes * 4).advance(g, g, lanes * 4);
    });
    code.advance(a, a, -early * 4);
    step();
    code.advance(a, a, of.inputRowStep - ((count - 1) * lanes - early) * 4);
    code.advance(g, g, rowBytes - (count - 1) * lanes * 4);
  });
  each((sum, at) => storeRow(code, sums, at, sum));
  code.release("i32", a, g);
  code.release("v128", ...held.flat(2), ...x.flat(), ...dy.flat());
}
