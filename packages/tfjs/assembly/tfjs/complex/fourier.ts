// The discrete Fourier transform of rows of any length, in O(length · log length), in 64-bit floats on the way.
//
//   y[k] = scale · Σ_n x[n] · e^(-2πi·k·n / length)          inverse: e^(+2πi·k·n / length)
//
// Shape: x, y [rows, length] pairs of 32-bit floats. A length that is a power of two is halved again and again (Cooley and
// Tukey, 1965). Any other becomes a convolution (Bluestein, 1970), for which `size` is the power of two from
// 2 · length - 1 up:  k·n = (k² + n² - (k - n)²) / 2, so with the chirp w[k] = e^(-πi·k² / length)
//
//   y[k] = scale · w[k] · Σ_n (x[n] · w[n]) · w̄[k - n]
//
// The tables lie behind each other, as pairs of 64-bit floats: twiddles e^(-2πi·k / size) [size / 2], and where
// size ≠ length the chirp [length]; then room for the work [size], and where size ≠ length for the chirp's transform [size].

const PAIR: usize = 16;

export function fourierTransform(
  x: usize, y: usize, rows: i32, length: i32, size: i32, inverse: bool, scale: f64, tables: usize,
): void {
  const twiddles = tables;
  const chirp: usize = twiddles + <usize>(size >> 1) * PAIR;
  const work: usize = chirp + (size == length ? 0 : <usize>length * PAIR);
  const filter: usize = work + <usize>size * PAIR;
  // The inverse is the conjugate of the transform of the conjugate.
  const sign = inverse ? f64x2(1, -1) : f64x2(1, 1);
  if (size != length) transformChirp(chirp, filter, twiddles, length, size);
  const factor = f64x2.mul(f64x2.splat(size == length ? scale : scale / <f64>size), sign);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < length; i++) {
      const value = f64x2.mul(f64x2.promote_low_f32x4(v128.load64_zero(x + (<usize>i << 3))), sign);
      v128.store(work + <usize>i * PAIR, size == length ? value : product(value, chirp + <usize>i * PAIR));
    }
    if (size == length) {
      transform(work, twiddles, size);
    } else {
      memory.fill(work + <usize>length * PAIR, 0, <usize>(size - length) * PAIR);
      convolve(work, filter, twiddles, size);
    }
    for (let i = 0; i < length; i++) {
      let value = v128.load(work + <usize>i * PAIR);
      if (size != length) value = product(conjugate(value), chirp + <usize>i * PAIR);
      v128.store64_lane(y + (<usize>i << 3), f32x4.demote_f64x2_zero(f64x2.mul(value, factor)), 0);
    }
    x += <usize>length << 3;
    y += <usize>length << 3;
  }
}

/** The transform of the chirp's conjugate, which reaches to both sides of 0. */
function transformChirp(chirp: usize, filter: usize, twiddles: usize, length: i32, size: i32): void {
  memory.fill(filter, 0, <usize>size * PAIR);
  for (let i = 0; i < length; i++) {
    const value = conjugate(v128.load(chirp + <usize>i * PAIR));
    v128.store(filter + <usize>i * PAIR, value);
    if (i > 0) v128.store(filter + <usize>(size - i) * PAIR, value);
  }
  transform(filter, twiddles, size);
}

/** work = size · the conjugate of its circular convolution with what the filter is the transform of. */
function convolve(work: usize, filter: usize, twiddles: usize, size: i32): void {
  transform(work, twiddles, size);
  for (let at: usize = 0, end = <usize>size * PAIR; at < end; at += PAIR) {
    v128.store(work + at, conjugate(product(v128.load(work + at), filter + at)));
  }
  transform(work, twiddles, size);
}

/** In place; `size` is a power of two. */
function transform(data: usize, twiddles: usize, size: i32): void {
  reverseBits(data, size);
  for (let half: usize = PAIR, step: usize = <usize>(size >> 1) * PAIR; step >= PAIR; half <<= 1, step >>= 1) {
    for (let group: usize = 0, end = <usize>size * PAIR; group < end; group += half * 2) {
      let twiddle = twiddles;
      for (let even = data + group, stop = even + half; even < stop; even += PAIR) {
        const a = v128.load(even);
        const b = product(v128.load(even + half), twiddle);
        v128.store(even, f64x2.add(a, b));
        v128.store(even + half, f64x2.sub(a, b));
        twiddle += step;
      }
    }
  }
}

function reverseBits(data: usize, size: i32): void {
  for (let i = 1, j = 0; i < size; i++) {
    let bit = size >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i >= j) continue;
    const low: usize = data + <usize>i * PAIR, high: usize = data + <usize>j * PAIR;
    const value = v128.load(low);
    v128.store(low, v128.load(high));
    v128.store(high, value);
  }
}

// @ts-ignore: decorator
@inline
function conjugate(value: v128): v128 {
  return f64x2.mul(value, f64x2(1, -1));
}

/** The product with the pair at `factor`. */
// @ts-ignore: decorator
@inline
function product(value: v128, factor: usize): v128 {
  const turned = f64x2.mul(v128.shuffle<f64>(value, value, 1, 0), f64x2(-1, 1));
  return f64x2.add(
    f64x2.mul(value, v128.load64_splat(factor)),
    f64x2.mul(turned, v128.load64_splat(factor, 8)),
  );
}
