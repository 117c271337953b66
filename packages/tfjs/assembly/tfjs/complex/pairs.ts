// Complex numbers lie as pairs (real, imaginary) of 32-bit floats.

/** y[i] = (real[i], imaginary[i]). Shape: [count] each. */
export function joinParts(real: usize, imaginary: usize, y: usize, count: i32): void {
  for (let i: usize = 0, end = <usize>count << 2; i < end; i += 4) {
    store<f32>(y + i * 2, load<f32>(real + i));
    store<f32>(y + i * 2, load<f32>(imaginary + i), 4);
  }
}

/** y[i] = the first float of pair i of x; of x + 4, the second. Shape: [count] each. */
export function takePart(x: usize, y: usize, count: i32): void {
  for (let i: usize = 0, end = <usize>count << 2; i < end; i += 4) store<f32>(y + i, load<f32>(x + i * 2));
}

/** y = |x|, which neither overflows nor underflows on the way. Shape: x, y [count]. */
export function complexMagnitude(x: usize, y: usize, count: i32): void {
  for (let i: usize = 0, end = <usize>count << 2; i < end; i += 4) {
    const real: f64 = load<f32>(x + i * 2), imaginary: f64 = load<f32>(x + i * 2, 4);
    store<f32>(y + i, <f32>sqrt(real * real + imaginary * imaginary));
  }
}

/** y = a · b, each part rounded once. Shape: a, b, y [count]. */
export function complexProduct(a: usize, b: usize, y: usize, count: i32): void {
  for (let i: usize = 0, end = <usize>count << 3; i < end; i += 8) {
    const aReal: f64 = load<f32>(a + i), aImaginary: f64 = load<f32>(a + i, 4);
    const bReal: f64 = load<f32>(b + i), bImaginary: f64 = load<f32>(b + i, 4);
    store<f32>(y + i, <f32>(aReal * bReal - aImaginary * bImaginary));
    store<f32>(y + i, <f32>(aReal * bImaginary + aImaginary * bReal), 4);
  }
}
