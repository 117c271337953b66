/**
 * Turns logits into probabilities, in place and in float64 between.
 *
 *     p[k] = exp(z[k] - max z) / sum over j of exp(z[j] - max z)
 *
 * @param logits [count, classes]
 * @param classes logits a row
 *
 * @example
 * softmax(Float32Array.of(1, 1), 2) // Float32Array [0.5, 0.5]
 */
export function softmax(logits: Float32Array, classes: number): Float32Array {
  const exponentials = new Float64Array(classes);
  for (let row = 0; row < logits.length; row += classes) {
    let largest = logits[row];
    for (let k = 1; k < classes; k++) largest = Math.max(largest, logits[row + k]);
    let sum = 0;
    for (let k = 0; k < classes; k++) {
      exponentials[k] = Math.exp(logits[row + k] - largest);
      sum += exponentials[k];
    }
    for (let k = 0; k < classes; k++) logits[row + k] = exponentials[k] / sum;
  }
  return logits;
}
