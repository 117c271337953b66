import { startBackend, type Backend } from "../backend/start.ts";
import type { WasmMemory } from "../backend/wasm_memory.ts";
import type { ImageStore } from "../../network/data/image_store.ts";
import { CoreError } from "../../errors.ts";
import type { Activation } from "./layout/activation.ts";
import { Arena } from "./layout/arena.ts";
import type { ParameterVector } from "./layout/parameter_vector.ts";
import type { InputOperation } from "./operations/input_operation.ts";
import type { Operation, Pass } from "./operations/operation.ts";
import { type OperationRecorder, timedOperation } from "./operations/timed_operation.ts";
import { planBytes } from "./plan_bytes.ts";
import { planOperations, type PlannedOperations } from "./plan_operations.ts";
import type { PlannedSpec } from "./planned_spec.ts";
import type { MinibatchPart, Replica } from "./replica.ts";

/**
 * Plans a network's training step in the tfjs backend's memory: buffers are laid out once, and every later call is a
 * list of kernel calls with fixed addresses. No tape, no allocation, no garbage.
 *
 * @param spec The network; `forwardOnly`: for `predict` alone, without kernels and buffers for gradients.
 * @param capacity The most images in one call, at least 1.
 * @param record Told how long each part of each operation took; only for profiles, because it costs time itself.
 * @param beat Called after each part of each operation.
 * @throws CoreError PLAN_TOO_LARGE when the buffers exceed WebAssembly's memory; BACKEND_UNAVAILABLE,
 * KERNELS_UNSUPPORTED when the backend does not start.
 */
export async function createPlannedReplica(
  spec: PlannedSpec,
  capacity: number,
  record?: OperationRecorder,
  beat?: () => void,
): Promise<Replica> {
  const backend = await startBackend();
  const arena = new Arena(backend);
  arena.expect(planBytes(spec.model, capacity, spec.forwardOnly));
  try {
    const replica = new PlannedReplica(backend, arena, spec, capacity, record, beat);
    abandoned.register(replica, arena, arena);
    return replica;
  } catch (error) {
    arena.free();
    throw error;
  }
}

/** The garbage collector knows nothing of the backend's memory: a replica that nobody refers to gives its part back. */
const abandoned = new FinalizationRegistry<Arena>((arena) => arena.free());

class PlannedReplica implements Replica {
  readonly parameterCount: number;
  readonly classes: number;
  readonly capacity: number;
  readonly #memory: WasmMemory;
  readonly #arena: Arena;
  readonly #parameters: ParameterVector;
  readonly #input: InputOperation;
  readonly #operations: readonly Operation[];
  readonly #logits: Activation;
  readonly #training: PlannedOperations["training"];
  readonly #pass: Pass;
  readonly #beat: (() => void) | undefined;
  #floats = new Float32Array(0);

  constructor(
    backend: Backend,
    arena: Arena,
    spec: PlannedSpec,
    capacity: number,
    record: OperationRecorder | undefined,
    beat: (() => void) | undefined,
  ) {
    const { layers, parameters, input, operations, logits, training, linker } = planOperations(
      backend,
      arena,
      spec,
      capacity,
    );
    this.#memory = backend.memory;
    this.#arena = arena;
    this.#beat = beat;
    this.capacity = capacity;
    this.classes = layers[layers.length - 1].outputShape[0];
    this.parameterCount = parameters.count;
    this.#parameters = parameters;
    this.#input = input;
    this.#operations =
      record === undefined ? operations : operations.map((operation) => timedOperation(operation, record));
    this.#logits = logits;
    this.#training = training;
    linker.link(backend.memory);
    this.#pass = { training: true, seed: 0, step: 0, samples: this.#input.samples };
  }

  load(parameters: Float32Array): void {
    this.#parameters.open(parameters);
    for (const operation of this.#operations) {
      operation.pack();
      this.#beat?.();
    }
  }

  gradient(part: MinibatchPart, out: Float32Array): void {
    const training = this.#training;
    if (training === undefined) {
      throw new CoreError(
        "FORWARD_ONLY",
        "this replica was made with forwardOnly and has no room for gradients. Make one without to train.",
      );
    }
    const { shardSizes } = part;
    let images = 0;
    for (const size of shardSizes) images += size;
    this.#input.gather(part.store, part.order, part.start, images);
    training.tree.begin(shardSizes, out);
    const pass = this.#pass;
    pass.training = true;
    pass.seed = part.seed;
    pass.step = part.step;
    this.#forward(images, pass);
    training.loss.compute(images, this.#input.labels, part.minibatchSize);
    for (let i = this.#operations.length - 1; i >= 0; i--) {
      const operation = this.#operations[i];
      operation.backwardInput(images, pass);
      this.#beat?.();
      if (operation.parameterCount === 0) continue;
      operation.backwardWeights(training.tree);
      this.#beat?.();
    }
    training.loss.sum(training.tree);
    training.tree.end();
  }

  predict(store: ImageStore, start: number, count: number, out: Float32Array): void {
    if (start < 0 || start + count > store.count || out.length < count * this.classes) {
      throw new CoreError(
        "PREDICT_RANGE",
        `images ${start} to ${start + count - 1} of ${store.count} were asked for, and room for ` +
          `${Math.floor(out.length / this.classes)} results was given. Ask for images that exist, with room for all.`,
      );
    }
    this.#input.gather(store, undefined, start, count);
    this.#pass.training = false;
    this.#forward(count, this.#pass);
    // The view goes stale when the backend's memory grows.
    if (this.#floats.buffer !== this.#memory.buffer) this.#floats = new Float32Array(this.#memory.buffer);
    const from = this.#logits.values / 4;
    out.set(this.#floats.subarray(from, from + count * this.classes));
  }

  #forward(images: number, pass: Pass): void {
    for (const operation of this.#operations) {
      operation.forward(images, pass);
      this.#beat?.();
    }
  }

  dispose(): void {
    abandoned.unregister(this.#arena);
    this.#arena.free();
  }
}
