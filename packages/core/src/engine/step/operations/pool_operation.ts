import { emitAveragePool, emitAveragePoolGradient } from "../../emit/pools/average_pool.ts";
import { emitMaxPool, emitMaxPoolGradient } from "../../emit/pools/max_pool.ts";
import type { PoolAxis } from "../../emit/pools/pool_shape.ts";
import { windowGeometry } from "../../../network/layers/window.ts";
import type { Activation } from "../layout/activation.ts";
import type { PoolBlock } from "../blocks.ts";
import type { OperationContext } from "./operation_context.ts";
import type { Operation } from "./operation.ts";

/** Pooling that no convolution could take into its epilogue. */
export function poolOperation(
  { arena, linker, capacity }: OperationContext,
  block: PoolBlock,
  input: Activation,
  output: Activation,
): Operation {
  const [name] = block.names;
  const max = block.layer.kind === "maxPool2d";
  const shape = {
    channels: output.channels,
    vertical: poolAxis(block, 0, input.height),
    horizontal: poolAxis(block, 1, input.width),
    inputRowStride: input.rowStride,
    inputImageStride: input.imageStride,
    outputRowStride: output.rowStride,
    outputImageStride: output.imageStride,
  };
  const winners = max ? arena.allocate(capacity * output.height * output.width * output.channels * 4) : 0;
  const pool = linker.add(`${name}/forward`, (max ? emitMaxPool : emitAveragePool)(shape));
  const inputGradient =
    input.gradient === 0
      ? undefined
      : linker.add(`${name}/inputGradient`, (max ? emitMaxPoolGradient : emitAveragePoolGradient)(shape));
  return {
    name,
    parameterCount: 0,
    pack() {},
    forward(images) {
      pool.run(images, input.values + input.interior, output.values + output.interior, winners);
    },
    backwardInput(images) {
      inputGradient?.run(images, input.gradient + input.interior, output.gradient + output.interior, winners);
    },
    backwardWeights() {},
  };
}

function poolAxis({ layer }: PoolBlock, axis: 0 | 1, size: number): PoolAxis {
  const [kernel, stride] = [layer.poolSize[axis], layer.strides[axis]];
  const { padBefore, outputSize } = windowGeometry(size, kernel, stride, layer.padding);
  return { size, kernel, stride, padBefore, positions: outputSize };
}
