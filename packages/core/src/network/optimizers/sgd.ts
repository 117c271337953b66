import { CoreError } from "../../errors.ts";
import { OptimizerOptions } from "./options.ts";
import type { SgdOptimizer } from "./optimizer.ts";

export interface SgdOptions {
  readonly learningRate?: number;
  readonly momentum?: number;
  readonly nesterov?: boolean;
  readonly weightDecay?: number;
}

/**
 * Stochastic gradient descent, with momentum if you like.
 *
 *     g = gradient + weightDecay · w
 *     v = momentum · v + g                                      v starts at 0
 *     w = w - learningRate · (nesterov ? g + momentum · v : v)
 *
 * The learning rate multiplies the velocity when it is applied, as in PyTorch: a change of the rate acts at once.
 *
 * @param options.learningRate at least 0. Default: 0.001
 * @param options.momentum from 0 to below 1; 0 keeps no velocity. Default: 0
 * @param options.nesterov looks one step ahead; needs momentum. Default: false
 * @param options.weightDecay L2 penalty's factor, at least 0. Default: 0
 * @throws `OPTIMIZER_OPTION` for an option that is unknown or impossible
 *
 * Source: PyTorch documentation, torch.optim.SGD; Sutskever et al., On the importance of initialization and momentum
 * in deep learning, ICML 2013
 *
 * @example
 * sgd({ learningRate: 0.001, momentum: 0.9 })
 */
export function sgd(options: SgdOptions = {}): SgdOptimizer {
  const read = new OptimizerOptions("sgd", options, ["learningRate", "momentum", "nesterov", "weightDecay"]);
  const momentum = read.share("momentum", 0);
  const nesterov = read.flag("nesterov", false);
  if (nesterov && momentum === 0) {
    throw new CoreError("OPTIMIZER_OPTION", "sgd: nesterov needs a momentum above 0; set momentum, or leave it out.");
  }
  return {
    kind: "sgd",
    learningRate: read.amount("learningRate", 0.001),
    momentum,
    nesterov,
    weightDecay: read.amount("weightDecay", 0),
  };
}
