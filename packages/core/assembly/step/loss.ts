// Softmax cross-entropy with integer labels, its gradient, and whether the class was right.
//
//   loss = log Σ_c exp(z_c - max z) - (z_label - max z)          dz_c = (softmax(z)_c - [c = label]) · scale
//
// exp and log are polynomials in float64, because a table would be static data, which this module must not have.

/** exp(x) for x ≤ 0, relative error below 1e-14: x = n ln 2 + r, |r| ≤ ln 2 / 2, Taylor series of degree 12 in r. */
function exponential(x: f64): f64 {
  if (x < -700) return 0;
  const n = nearest(x * 1.4426950408889634);
  const r = x - n * 0.6931471803691238 - n * 1.9082149292705877e-10;
  let s = 1 / 479001600.0;
  s = s * r + 1 / 39916800.0;
  s = s * r + 1 / 3628800.0;
  s = s * r + 1 / 362880.0;
  s = s * r + 1 / 40320.0;
  s = s * r + 1 / 5040.0;
  s = s * r + 1 / 720.0;
  s = s * r + 1 / 120.0;
  s = s * r + 1 / 24.0;
  s = s * r + 1 / 6.0;
  s = s * r + 0.5;
  s = s * r + 1;
  s = s * r + 1;
  return s * reinterpret<f64>((<i64>n + 1023) << 52);
}

/** log(x) for x ≥ 1, relative error below 1e-14: x = m 2^e, s = (m - 1) / (m + 1), 2 (s + s³/3 + … + s²¹/21). */
function logarithm(x: f64): f64 {
  const bits = reinterpret<i64>(x);
  let e = (bits >> 52) - 1023;
  let m = reinterpret<f64>((bits & 0x000fffffffffffff) | 0x3ff0000000000000);
  if (m > 1.4142135623730951) {
    m *= 0.5;
    e += 1;
  }
  const s = (m - 1) / (m + 1);
  const q = s * s;
  let sum = 1 / 21.0;
  sum = sum * q + 1 / 19.0;
  sum = sum * q + 1 / 17.0;
  sum = sum * q + 1 / 15.0;
  sum = sum * q + 1 / 13.0;
  sum = sum * q + 1 / 11.0;
  sum = sum * q + 1 / 9.0;
  sum = sum * q + 1 / 7.0;
  sum = sum * q + 1 / 5.0;
  sum = sum * q + 1 / 3.0;
  sum = sum * q + 1;
  return 2 * s * sum + <f64>e * 0.6931471805599453;
}

/**
 * Shape: logits and gradient [images, classes], rows without a gap; labels i32 [images];
 * scores [images, 2]: loss · scale, and 1 where the first largest logit is the label's; exponentials f64 [classes] is
 * room for one image's.
 */
export function softmaxCrossEntropy(
  logits: usize, labels: usize, images: i32, classes: i32, scale: f64, gradient: usize, scores: usize,
  exponentials: usize,
): void {
  const rowBytes: usize = <usize>classes << 2;
  for (let n = 0; n < images; n++) {
    const label = load<i32>(labels + (<usize>n << 2));
    let largest = load<f32>(logits);
    let best = 0;
    for (let c = 1; c < classes; c++) {
      const z = load<f32>(logits + (<usize>c << 2));
      if (z > largest) {
        largest = z;
        best = c;
      }
    }
    let sum: f64 = 0;
    for (let c = 0; c < classes; c++) {
      const e = exponential(<f64>load<f32>(logits + (<usize>c << 2)) - <f64>largest);
      store<f64>(exponentials + (<usize>c << 3), e);
      sum += e;
    }
    for (let c = 0; c < classes; c++) {
      const p = load<f64>(exponentials + (<usize>c << 3)) / sum;
      store<f32>(gradient + (<usize>c << 2), <f32>((p - (c == label ? 1.0 : 0.0)) * scale));
    }
    const loss = logarithm(sum) - (<f64>load<f32>(logits + (<usize>label << 2)) - <f64>largest);
    store<f32>(scores, <f32>(loss * scale));
    store<f32>(scores, best == label ? 1 : 0, 4);
    logits += rowBytes;
    gradient += rowBytes;
    scores += 8;
  }
}
