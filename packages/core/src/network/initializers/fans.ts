/** How a tensor is connected: the inputs that one output sees, and the outputs that one input reaches. */
export interface Fans {
  readonly fanIn: number;
  readonly fanOut: number;
}
