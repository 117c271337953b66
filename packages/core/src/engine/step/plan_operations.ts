import type { Backend } from "../backend/start.ts";
import { Linker } from "../emit/module/linker.ts";
import { buildLayers } from "../../network/layers/build.ts";
import { type Activation, allocateActivation } from "./layout/activation.ts";
import type { Arena } from "./layout/arena.ts";
import { type Block, blocksOf, needsInputGradient } from "./blocks.ts";
import { borderWanted } from "./layout/border_wanted.ts";
import { ParameterVector } from "./layout/parameter_vector.ts";
import { convolutionOperation } from "./operations/convolution_operation.ts";
import { elementwiseOperation } from "./operations/elementwise_operation.ts";
import { InputOperation } from "./operations/input_operation.ts";
import { LossOperation } from "./operations/loss_operation.ts";
import type { Operation } from "./operations/operation.ts";
import type { OperationContext } from "./operations/operation_context.ts";
import { pooledConvolutionOperation } from "./operations/pooled_convolution_operation.ts";
import { poolOperation } from "./operations/pool_operation.ts";
import type { PlannedSpec } from "./planned_spec.ts";
import { ShardTree } from "./gradients/shard_tree.ts";
import type { StepKernels } from "./step_kernels.ts";

/** A network as a list of calls over buffers that are laid out, whose kernels have not been linked yet. */
export interface PlannedOperations {
  readonly layers: ReturnType<typeof buildLayers>;
  readonly parameters: ParameterVector;
  readonly input: InputOperation;
  readonly operations: readonly Operation[];
  readonly logits: Activation;
  /** Undefined in a replica that only looks forward. */
  readonly training: { readonly tree: ShardTree; readonly loss: LossOperation } | undefined;
  readonly linker: Linker;
}

/** @param backend whose kernels the operations will call; its memory is the arena's */
export function planOperations(
  backend: Pick<Backend, "memory" | "kernels">,
  arena: Arena,
  { model, kernels = "narrow", forwardOnly = false }: PlannedSpec,
  capacity: number,
): PlannedOperations {
  const layers = buildLayers(model.inputShape, model.layers);
  const specs = layers.flatMap((layer) => layer.parameters);
  const blocks = blocksOf(layers);
  const parameterCount = specs.reduce((sum, { size }) => sum + size, 0);
  const parameters = new ParameterVector(arena, backend.memory, parameterCount);
  const widest = Math.max(8, ...specs.flatMap(({ shape }) => shape));
  const linker = new Linker(kernels);
  const context: OperationContext = {
    arena,
    memory: backend.memory,
    // The exports of assembly/step, which the interface repeats.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    kernels: backend.kernels as unknown as StepKernels,
    linker,
    parameters,
    forwardOnly,
    capacity,
    zeros: arena.allocate(widest * 4),
  };
  let activation = allocateActivation(arena, model.inputShape, borderWanted(blocks[0]), capacity, false);
  const input = new InputOperation(context, model.inputShape, activation);
  const operations = blocks.map((block, i) => {
    const border = borderWanted(blocks[i + 1]);
    const hasGradient = !forwardOnly && needsInputGradient(blocks, i + 1);
    const output = allocateActivation(arena, block.outputShape, border, capacity, hasGradient);
    const operation = operationOf(context, block, activation, output);
    activation = output;
    return operation;
  });
  const planned = { layers, parameters, input, operations, logits: activation, linker };
  if (forwardOnly) return { ...planned, training: undefined };
  const handedOver = operations.flatMap((operation) => operation.handedOver ?? []);
  const tree = new ShardTree(context, parameterCount + 2, handedOver);
  return { ...planned, training: { tree, loss: new LossOperation(context, activation, parameterCount) } };
}

function operationOf(context: OperationContext, block: Block, input: Activation, output: Activation): Operation {
  switch (block.kind) {
    case "convolution":
      return (block.pooled ? pooledConvolutionOperation : convolutionOperation)(context, block, input, output);
    case "pool":
      return poolOperation(context, block, input, output);
    default:
      return elementwiseOperation(context, block, input, output);
  }
}
