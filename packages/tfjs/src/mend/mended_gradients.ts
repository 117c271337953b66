import type { Gradient } from "./gradients.ts";
import { conv2dBackpropInputGradient, conv2dGradient, depthwiseConv2dGradient } from "./gradients/conv2d.ts";
import { conv3dBackpropInputGradient, conv3dGradient } from "./gradients/conv3d.ts";
import { cumsumGradient } from "./gradients/cumsum.ts";
import { einsumGradient } from "./gradients/einsum.ts";
import { fusedBatchNormGradient } from "./gradients/fused_batch_norm.ts";
import { fusedConv2dGradient, fusedDepthwiseConv2dGradient } from "./gradients/fused_conv2d.ts";
import { gatherGradient } from "./gradients/gather.ts";
import { meanGradient } from "./gradients/mean.ts";
import { mirrorPadGradient } from "./gradients/mirror_pad.ts";
import { reluGradient } from "./gradients/relu.ts";
import { sumGradient } from "./gradients/sum.ts";
import { tileGradient } from "./gradients/tile.ts";

/** Gradients that tfjs has wrong or refuses on every backend, or takes many kernels for, by kernel. */
export const mendedGradients: Readonly<Record<string, Gradient>> = {
  Conv2D: conv2dGradient,
  Conv2DBackpropInput: conv2dBackpropInputGradient,
  Conv3D: conv3dGradient,
  Conv3DBackpropInputV2: conv3dBackpropInputGradient,
  Cumsum: cumsumGradient,
  DepthwiseConv2dNative: depthwiseConv2dGradient,
  Einsum: einsumGradient,
  FusedBatchNorm: fusedBatchNormGradient,
  FusedConv2D: fusedConv2dGradient,
  FusedDepthwiseConv2D: fusedDepthwiseConv2dGradient,
  GatherV2: gatherGradient,
  Mean: meanGradient,
  MirrorPad: mirrorPadGradient,
  Relu: reluGradient,
  Sum: sumGradient,
  Tile: tileGradient,
};
