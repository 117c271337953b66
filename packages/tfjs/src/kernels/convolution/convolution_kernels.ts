import type { KernelFamily } from "../kernel_context.ts";
import { throughFloats } from "../through_floats.ts";
import { conv2d, conv2dBackpropFilter, conv2dBackpropInput } from "./conv2d.ts";
import { conv3d, conv3dBackpropFilter, conv3dBackpropInput } from "./conv3d.ts";
import { depthwiseConv2d, depthwiseConv2dBackpropFilter, depthwiseConv2dBackpropInput } from "./depthwise_conv2d.ts";

export const convolutionKernels: KernelFamily = {
  Conv2D: conv2d,
  Conv2DBackpropFilter: conv2dBackpropFilter,
  Conv2DBackpropInput: throughFloats(undefined, conv2dBackpropInput),
  Conv3D: throughFloats("x", conv3d),
  Conv3DBackpropFilterV2: conv3dBackpropFilter,
  Conv3DBackpropInputV2: throughFloats(undefined, conv3dBackpropInput),
  DepthwiseConv2dNative: depthwiseConv2d,
  DepthwiseConv2dNativeBackpropFilter: depthwiseConv2dBackpropFilter,
  DepthwiseConv2dNativeBackpropInput: depthwiseConv2dBackpropInput,
  FusedConv2D: conv2d,
  FusedDepthwiseConv2D: depthwiseConv2d,
};
