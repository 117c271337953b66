import { allFinite, magnitude, read, readSum, wholeBytes, write } from "./slice";

/**
 * One step of Adam on `count` floats, read from one set of vectors and written to another.
 *
 *     g  = gradient + addend + weightDecay · parameters
 *     m' = beta1 · m + (1 - beta1) · g
 *     v' = beta2 · v + (1 - beta2) · g²
 *     w' = w - learningRate / correction1 · m' / (√v' / √correction2 + epsilon)
 *
 * correction1 = 1 - beta1^t and correction2 = 1 - beta2^t at step t, counted from 1.
 * The addend may be 0: see sgd.ts.
 * The numbers come as float64 and are rounded once: 1 - beta2 in float32 would be wrong in its fifth digit.
 * Returns 1 when all of w' is finite, else 0.
 * Sources: Kingma & Ba, "Adam", ICLR 2015; PyTorch documentation, torch.optim.Adam (its order of operations).
 */
export function adam(
  gradient: usize, addend: usize, parameters: usize, m: usize, v: usize, nextParameters: usize, nextM: usize, nextV: usize,
  count: i32, learningRate: f64, beta1: f64, beta2: f64, epsilon: f64, weightDecay: f64,
  correction1: f64, correction2: f64,
): i32 {
  const apart: usize = addend == 0 ? 0 : addend - gradient;
  const decay = f32x4.splat(<f32>weightDecay);
  const keep1 = f32x4.splat(<f32>beta1);
  const take1 = f32x4.splat(<f32>(1 - beta1));
  const keep2 = f32x4.splat(<f32>beta2);
  const take2 = f32x4.splat(<f32>(1 - beta2));
  const rate = f32x4.splat(<f32>(learningRate / correction1));
  const root = f32x4.splat(<f32>sqrt<f64>(correction2));
  const tiny = f32x4.splat(<f32>epsilon);
  let at: usize = 0;
  let largest = i32x4.splat(0);
  for (const end = wholeBytes(count); at < end; at += 16) {
    const size = adamAt(
      gradient + at, apart, parameters + at, m + at, v + at, nextParameters + at, nextM + at, nextV + at,
      decay, keep1, take1, keep2, take2, rate, root, tiny, true,
    );
    largest = i32x4.max_s(largest, size);
  }
  for (const end: usize = <usize>count << 2; at < end; at += 4) {
    const size = adamAt(
      gradient + at, apart, parameters + at, m + at, v + at, nextParameters + at, nextM + at, nextV + at,
      decay, keep1, take1, keep2, take2, rate, root, tiny, false,
    );
    largest = i32x4.max_s(largest, size);
  }
  return allFinite(largest);
}

/** Returns the magnitude of w'. */
// @ts-ignore: decorator
@inline
function adamAt(
  gradient: usize, apart: usize, parameters: usize, m: usize, v: usize, nextParameters: usize, nextM: usize, nextV: usize,
  decay: v128, keep1: v128, take1: v128, keep2: v128, take2: v128, rate: v128, root: v128, tiny: v128, whole: bool,
): v128 {
  const w = read(parameters, whole);
  const g = f32x4.add(readSum(gradient, apart, whole), f32x4.mul(decay, w));
  const first = f32x4.add(f32x4.mul(keep1, read(m, whole)), f32x4.mul(take1, g));
  const second = f32x4.add(f32x4.mul(keep2, read(v, whole)), f32x4.mul(f32x4.mul(take2, g), g));
  write(nextM, first, whole);
  write(nextV, second, whole);
  const size = f32x4.add(f32x4.div(f32x4.sqrt(second), root), tiny);
  const next = f32x4.sub(w, f32x4.mul(rate, f32x4.div(first, size)));
  write(nextParameters, next, whole);
  return magnitude(next);
}
