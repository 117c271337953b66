// Product of two int32 matrices, and of batches of them: c[m, n] = Σ_k a[m, k] · b[k, n], modulo 2³².
//
// Shape: a [M, K], b [K, N] → c [M, N].
import { Product } from "./operands";

export function integerProduct(p: Product): void {
  for (let n = 0; n < p.batch; n++) {
    for (let row = 0; row < p.rows; row++) {
      const a = p.a + <usize>n * p.aBatchBytes + <usize>row * p.aRowBytes;
      const c = p.c + <usize>n * p.cBatchBytes + <usize>row * p.rowBytes;
      for (let column = 0; column < p.columns; column++) {
        let left = a, right = p.b + <usize>n * p.bBatchBytes + <usize>column * p.bColumnBytes;
        let sum = 0;
        for (let k = 0; k < p.inner; k++) {
          sum += load<i32>(left) * load<i32>(right);
          left += p.aInnerBytes;
          right += p.bInnerBytes;
        }
        store<i32>(c + (<usize>column << 2), sum);
      }
    }
  }
}
