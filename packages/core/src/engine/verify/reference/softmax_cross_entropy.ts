import { type Tensor, tensor } from "./tensor.ts";

export interface CrossEntropy {
  /** Σ_n -log softmax(logits[n])[labels[n]] / minibatchSize */
  readonly loss: number;
  /** Images whose first largest logit is the label's. */
  readonly correct: number;
  /** (softmax(logits) - one-hot(labels)) / minibatchSize */
  readonly dLogits: Tensor;
}

/** Shape: logits [N, classes] → dLogits [N, classes]. */
export function softmaxCrossEntropy(logits: Tensor, labels: ArrayLike<number>, minibatchSize: number): CrossEntropy {
  const [images, classes] = logits.shape;
  const dLogits = tensor(logits.shape);
  let loss = 0;
  let correct = 0;
  for (let n = 0; n < images; n++) {
    const row = [...logits.data.subarray(n * classes, (n + 1) * classes)];
    const largest = Math.max(...row);
    const exponentials = row.map((logit) => Math.exp(logit - largest));
    const sum = exponentials.reduce((total, value) => total + value, 0);
    loss += (Math.log(sum) - (row[labels[n]] - largest)) / minibatchSize;
    if (row.indexOf(largest) === labels[n]) correct++;
    for (let c = 0; c < classes; c++) {
      dLogits.data[n * classes + c] = (exponentials[c] / sum - (c === labels[n] ? 1 : 0)) / minibatchSize;
    }
  }
  return { loss, correct, dLogits };
}
