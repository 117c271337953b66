/** Optimizers are plain data: the rule and its numbers. State (velocity, moments) lies beside the parameters. */
export type Optimizer = SgdOptimizer | AdamOptimizer;

export interface SgdOptimizer {
  readonly kind: "sgd";
  readonly learningRate: number;
  readonly momentum: number;
  readonly nesterov: boolean;
  readonly weightDecay: number;
}

export interface AdamOptimizer {
  readonly kind: "adam";
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
}

/** Floats of optimizer state for each parameter: velocity for SGD with momentum, two moments for Adam. */
export function stateCount(optimizer: Optimizer): 0 | 1 | 2 {
  if (optimizer.kind === "adam") return 2;
  return optimizer.momentum === 0 ? 0 : 1;
}
