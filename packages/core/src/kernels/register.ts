import type { Backend } from "../backend/start.ts";
import { conv2d } from "./conv2d.ts";
import { conv2dBackpropFilter } from "./conv2d_backprop_filter.ts";
import { matMul } from "./mat_mul.ts";
import { avgPool, avgPoolGrad, maxPool, maxPoolGrad } from "./pool2d.ts";
import { relu } from "./relu.ts";
import { kernelContext, register, type TapeKernel } from "./wasm_backend.ts";

/** Kernels that backend 'wasm' lacks or has wrong, for networks of convolutions, pools and dense layers. */
const kernels: Readonly<Record<string, TapeKernel>> = {
  AvgPool: avgPool,
  AvgPoolGrad: avgPoolGrad,
  BatchMatMul: matMul,
  Conv2D: conv2d,
  Conv2DBackpropFilter: conv2dBackpropFilter,
  FusedConv2D: conv2d,
  MaxPool: maxPool,
  MaxPoolGrad: maxPoolGrad,
  Relu: relu,
  _FusedMatMul: matMul,
};

const registered = new WeakSet<Backend>();

/** Makes backend 'wasm' train, once for each start of it. */
export function registerKernels(backend: Backend): void {
  if (registered.has(backend)) return;
  registered.add(backend);
  const context = kernelContext(backend);
  for (const [name, kernel] of Object.entries(kernels)) register(context, name, kernel);
}
