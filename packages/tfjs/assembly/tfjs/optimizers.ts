// One step of tfjs's optimizers for one variable, in tfjs's own order of operations. All vectors have `count` floats.
import { loadFirst, storeFirst } from "@convoy/core/assembly/step/lanes";

/** The vectors of a step: what is read, and the new ones that are written. */
@unmanaged
class Step {
  gradient: usize;
  value: usize;
  newValue: usize;
  first: usize;
  newFirst: usize;
  second: usize;
  newSecond: usize;
  third: usize;
  newThird: usize;
}

/**
 *     m' = β₁ m + (1 - β₁) g     v' = β₂ v + (1 - β₂) g²
 *     value' = value - rate · (m' / c₁) / (√(v' / c₂) + ε)
 *
 * first and second are m and v; c₁ and c₂ are 1 minus the powers of the betas.
 */
export function adamStep(
  step: Step, count: i32, beta1: f32, rest1: f32, beta2: f32, rest2: f32, c1: f32, c2: f32, epsilon: f32, rate: f32,
): void {
  for (let i = 0; i < count; i += 4) {
    const at: usize = <usize>i << 2;
    const left = count - i;
    const g = loadFirst(step.gradient + at, left);
    const m = f32x4.add(
      f32x4.mul(loadFirst(step.first + at, left), f32x4.splat(beta1)),
      f32x4.mul(g, f32x4.splat(rest1)),
    );
    const v = f32x4.add(
      f32x4.mul(loadFirst(step.second + at, left), f32x4.splat(beta2)),
      f32x4.mul(f32x4.mul(g, g), f32x4.splat(rest2)),
    );
    const root = f32x4.add(f32x4.sqrt(f32x4.div(v, f32x4.splat(c2))), f32x4.splat(epsilon));
    const change = f32x4.mul(f32x4.div(f32x4.div(m, f32x4.splat(c1)), root), f32x4.splat(-rate));
    storeFirst(step.newFirst + at, m, left);
    storeFirst(step.newSecond + at, v, left);
    storeFirst(step.newValue + at, f32x4.add(change, loadFirst(step.value + at, left)), left);
  }
}

/**
 *     s' = decay s + (1 - decay) g²     d = s' + ε, or, centred, max(s' - a'², 0) + ε with a' = decay a + (1 - decay) g
 *     m' = momentum m + rate g / √d     value' = value - m'
 *
 * first, second and third are s, m and a.
 */
export function rmsPropStep(
  step: Step, count: i32, decay: f32, rest: f32, momentum: f32, epsilon: f32, rate: f32, centred: i32,
): void {
  for (let i = 0; i < count; i += 4) {
    const at: usize = <usize>i << 2;
    const left = count - i;
    const g = loadFirst(step.gradient + at, left);
    const s = f32x4.add(
      f32x4.mul(loadFirst(step.first + at, left), f32x4.splat(decay)),
      f32x4.mul(f32x4.mul(g, g), f32x4.splat(rest)),
    );
    let spread = s;
    if (centred) {
      const a = f32x4.add(
        f32x4.mul(loadFirst(step.third + at, left), f32x4.splat(decay)),
        f32x4.mul(g, f32x4.splat(rest)),
      );
      storeFirst(step.newThird + at, a, left);
      // A variance, which only rounding can take below 0.
      spread = f32x4.max(f32x4.sub(s, f32x4.mul(a, a)), f32x4(0, 0, 0, 0));
    }
    const change = f32x4.div(
      f32x4.mul(g, f32x4.splat(rate)),
      f32x4.sqrt(f32x4.add(spread, f32x4.splat(epsilon))),
    );
    const m = f32x4.add(f32x4.mul(loadFirst(step.second + at, left), f32x4.splat(momentum)), change);
    storeFirst(step.newFirst + at, s, left);
    storeFirst(step.newSecond + at, m, left);
    storeFirst(step.newValue + at, f32x4.sub(loadFirst(step.value + at, left), m), left);
  }
}
