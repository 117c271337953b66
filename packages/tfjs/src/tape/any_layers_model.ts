/**
 * A LayersModel of tfjs-layers, as far as the types that others see name it: that package is an optional peer, and who
 * trains networks of ours alone has no types of it.
 */
export interface AnyLayersModel {
  readonly layers: readonly object[];
  readonly inputs: readonly object[];
  readonly outputs: readonly object[];
  readonly trainableWeights: readonly object[];
  toJSON(unused?: unknown, returnString?: boolean): unknown;
}
