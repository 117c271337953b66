import type { ConfigOf } from "../options/kind.ts";
import type { GivenOptions } from "../options/option.ts";
import { amount, byDefault, flag, share } from "../options/values.ts";
import { optimizerKind } from "./optimizer_kind.ts";

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
export const sgd = optimizerKind(
  "sgd",
  {
    learningRate: byDefault(amount("length of the steps"), 0.001),
    momentum: byDefault(share("share of a step that the next one keeps"), 0),
    nesterov: byDefault(flag("look one step ahead"), false),
    weightDecay: byDefault(amount("factor of the L2 penalty"), 0),
  },
  {
    title: "SGD",
    state: ({ momentum }) => (momentum === 0 ? [] : ["velocity"]),
    scalars({ learningRate, momentum, weightDecay, nesterov }, _, into) {
      into[0] = learningRate;
      into[1] = momentum;
      into[2] = weightDecay;
      into[3] = nesterov ? 1 : 0;
    },
  },
  ({ nesterov, momentum }) => {
    if (nesterov && momentum === 0) return "nesterov needs a momentum above 0; set momentum, or leave it out.";
    return undefined;
  },
);

export type SgdOptions = GivenOptions<typeof sgd.options>;
export type SgdOptimizer = ConfigOf<typeof sgd>;
