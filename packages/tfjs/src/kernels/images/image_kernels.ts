import type { KernelFamily } from "../kernel_context.ts";
import { throughFloats } from "../through_floats.ts";
import { cropAndResize } from "./crop_and_resize.ts";
import { rotateWithOffset } from "./rotate.ts";
import { transform } from "./transform.ts";

export const imageKernels: KernelFamily = {
  CropAndResize: cropAndResize,
  LRN: throughFloats("x"),
  Multinomial: throughFloats(),
  RotateWithOffset: rotateWithOffset,
  Transform: transform,
};
