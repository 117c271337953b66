import { allFinite, magnitude, read, readSum, wholeBytes, write } from "./slice";

/**
 * One step of stochastic gradient descent on `count` floats, read from one set of vectors and written to another.
 *
 *     g  = gradient + addend + weightDecay · parameters
 *     v' = momentum · v + g
 *     w' = w - learningRate · (nesterov ? g + momentum · v' : v')
 *
 * The addend may be 0, for none. It is for the last addition of the tree that sums the shards: nobody else wants its result.
 * With momentum 0 there is no velocity: its pointers are not touched. Kernels of all optimizers take two vectors of state.
 * No fused multiply-add: where an engine has one, and where not, the bits are the same.
 * Returns 1 when all of w' is finite, else 0.
 * Source: PyTorch documentation, torch.optim.SGD.
 */
export function sgd(
  gradient: usize, addend: usize, parameters: usize, velocity: usize, _none: usize,
  nextParameters: usize, nextVelocity: usize, _nextNone: usize, count: i32, learningRate: f32, momentum: f32, weightDecay: f32, nesterov: i32,
): i32 {
  const apart: usize = addend == 0 ? 0 : addend - gradient;
  const rate = f32x4.splat(learningRate);
  const keep = f32x4.splat(momentum);
  const decay = f32x4.splat(weightDecay);
  const whole = wholeBytes(count);
  const end: usize = <usize>count << 2;
  let at: usize = 0;
  let largest = i32x4.splat(0);
  if (momentum == 0) {
    for (; at < whole; at += 16) {
      const size = plainAt(gradient + at, apart, parameters + at, nextParameters + at, rate, decay, true);
      largest = i32x4.max_s(largest, size);
    }
    for (; at < end; at += 4) {
      const size = plainAt(gradient + at, apart, parameters + at, nextParameters + at, rate, decay, false);
      largest = i32x4.max_s(largest, size);
    }
    return allFinite(largest);
  }
  for (; at < whole; at += 16) {
    const size = momentumAt(
      gradient + at, apart, parameters + at, velocity + at, nextParameters + at, nextVelocity + at,
      rate, keep, decay, nesterov, true,
    );
    largest = i32x4.max_s(largest, size);
  }
  for (; at < end; at += 4) {
    const size = momentumAt(
      gradient + at, apart, parameters + at, velocity + at, nextParameters + at, nextVelocity + at,
      rate, keep, decay, nesterov, false,
    );
    largest = i32x4.max_s(largest, size);
  }
  return allFinite(largest);
}

/** Returns the magnitude of w'. */
// @ts-ignore: decorator
@inline
function plainAt(
  gradient: usize, apart: usize, parameters: usize, nextParameters: usize, rate: v128, decay: v128, whole: bool,
): v128 {
  const w = read(parameters, whole);
  const g = f32x4.add(readSum(gradient, apart, whole), f32x4.mul(decay, w));
  const next = f32x4.sub(w, f32x4.mul(rate, g));
  write(nextParameters, next, whole);
  return magnitude(next);
}

/** Returns the magnitude of w'. */
// @ts-ignore: decorator
@inline
function momentumAt(
  gradient: usize, apart: usize, parameters: usize, velocity: usize, nextParameters: usize, nextVelocity: usize,
  rate: v128, keep: v128, decay: v128, nesterov: i32, whole: bool,
): v128 {
  const w = read(parameters, whole);
  const g = f32x4.add(readSum(gradient, apart, whole), f32x4.mul(decay, w));
  const v = f32x4.add(f32x4.mul(keep, read(velocity, whole)), g);
  write(nextVelocity, v, whole);
  const direction = nesterov ? f32x4.add(g, f32x4.mul(keep, v)) : v;
  const next = f32x4.sub(w, f32x4.mul(rate, direction));
  write(nextParameters, next, whole);
  return magnitude(next);
}
