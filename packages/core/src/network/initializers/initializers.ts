/** How a tensor is connected: the inputs that one output sees, and the outputs that one input reaches. */
export interface Fans {
  readonly fanIn: number;
  readonly fanOut: number;
}

/** All initialisers, in the order of messages: first weights are uniform in [-limit, limit), and each says its limit. */
export const limits = {
  /**
   * Everything starts at zero.
   *
   *     limit = 0
   *
   * Meant for biases: kernels that start equal learn the same thing.
   */
  zeros: () => 0,
  /**
   * Keeps the variance of activations and gradients about equal; Keras' and tfjs' default for kernels.
   *
   *     limit = √(6 / (fanIn + fanOut))
   *
   * Source: Glorot and Bengio, Understanding the difficulty of training deep feedforward neural networks (2010), eq. 16
   */
  glorotUniform: ({ fanIn, fanOut }) => Math.sqrt(6 / (fanIn + fanOut)),
  /**
   * Keeps the variance of activations through layers with relu.
   *
   *     limit = √(6 / fanIn)
   *
   * Source: He et al., Delving deep into rectifiers, arXiv:1502.01852, eq. 10, as a uniform distribution
   */
  heUniform: ({ fanIn }) => Math.sqrt(6 / fanIn),
  /**
   * What PyTorch's Conv2d and Linear start with, for kernel and bias alike.
   *
   *     limit = 1 / √fanIn
   *
   * Source: `reset_parameters` in torch/nn/modules/conv.py and linear.py: kaiming_uniform_ with a = √5 comes to this limit
   */
  pytorch: ({ fanIn }) => 1 / Math.sqrt(fanIn),
} as const satisfies Readonly<Record<string, (fans: Fans) => number>>;

export type Initializer = keyof typeof limits;
