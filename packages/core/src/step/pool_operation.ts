import { windowGeometry } from "../layers/window.ts";
import type { Activation } from "./activation.ts";
import type { PoolBlock } from "./blocks.ts";
import type { OperationContext } from "./operation_context.ts";
import type { Operation } from "./operation.ts";
import { poolPlan } from "./plans.ts";

/** Pooling that no convolution could take into its epilogue. */
export function poolOperation(
  { arena, kernels, capacity }: OperationContext,
  block: PoolBlock,
  input: Activation,
  output: Activation,
): Operation {
  const max = block.layer.kind === "maxPool2d";
  const plan = arena.struct(poolPlan, {
    input: input.values,
    inputGradient: input.gradient,
    inputImageStride: input.imageStride,
    output: output.values,
    outputGradient: output.gradient,
    outputImageStride: output.imageStride,
    table: arena.table(windowTable(block, input, output)),
    windowCount: output.height * output.width,
    channels: output.channels,
    argmax: max ? arena.allocate(capacity * output.height * output.width * output.channels * 4) : 0,
  });
  return {
    name: block.names[0],
    parameterOffset: 0,
    parameterCount: 0,
    pack() {},
    forward(images) {
      if (max) kernels.maxPool(plan, images);
      else kernels.averagePool(plan, images);
    },
    backwardInput(images) {
      if (input.gradient === 0) return;
      kernels.fillZero(input.gradient, images * input.imageStride);
      if (max) kernels.maxPoolGradient(plan, images);
      else kernels.averagePoolGradient(plan, images);
    },
    backwardWeights() {},
  };
}

/** For each window: where its output lies, how many real cells it has, and where they lie. */
function windowTable({ layer }: PoolBlock, input: Activation, output: Activation): number[] {
  const cells = (axis: 0 | 1, size: number, position: number): number[] => {
    const { padBefore } = windowGeometry(size, layer.poolSize[axis], layer.strides[axis], layer.padding);
    const start = position * layer.strides[axis] - padBefore;
    const inside: number[] = [];
    for (let i = Math.max(start, 0); i < Math.min(start + layer.poolSize[axis], size); i++) inside.push(i);
    return inside;
  };
  const table: number[] = [];
  for (let y = 0; y < output.height; y++) {
    for (let x = 0; x < output.width; x++) {
      const rows = cells(0, input.height, y);
      const columns = cells(1, input.width, x);
      table.push(output.interior + y * output.rowStride + x * output.channels * 4, rows.length * columns.length);
      for (const h of rows) {
        for (const w of columns) table.push(input.interior + h * input.rowStride + w * input.channels * 4);
      }
    }
  }
  return table;
}
