/** How well logits fit the labels: sums over images, so that parts can be added. */
export interface Score {
  /** Sum of the images' losses. NaN when a logit is. */
  readonly lossSum: number;
  readonly correct: number;
}

/**
 * Softmax cross-entropy and number of right answers, in float64.
 *
 *     loss = log(sum over k of exp(z[k] - max z)) + max z - z[label]
 *
 * The answer is the largest logit; among equal ones, the first.
 *
 * @param logits [count, classes], image 0 being that of `labels[from]`
 * @param labels of all images
 * @param from index of the first image's label
 * @param count images
 * @param classes logits an image
 *
 * @example
 * score(Float32Array.of(0, 0), Int32Array.of(1), 0, 1, 2) // { lossSum: 0.6931471805599453, correct: 0 }
 */
export function score(
  logits: Float32Array,
  labels: ArrayLike<number>,
  from: number,
  count: number,
  classes: number,
): Score {
  let lossSum = 0;
  let correct = 0;
  for (let i = 0; i < count; i++) {
    const row = i * classes;
    const label = labels[from + i];
    let answer = 0;
    for (let k = 1; k < classes; k++) if (logits[row + k] > logits[row + answer]) answer = k;
    const largest = logits[row + answer];
    let sum = 0;
    for (let k = 0; k < classes; k++) sum += Math.exp(logits[row + k] - largest);
    const loss = Math.log(sum) + largest - logits[row + label];
    lossSum += loss;
    // No comparison with NaN is true, so that a network full of NaN would seem to answer class 0.
    if (answer === label && !Number.isNaN(loss)) correct++;
  }
  return { lossSum, correct };
}
