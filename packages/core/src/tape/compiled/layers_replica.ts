import type { Scalar, Tensor, Variable } from "@tensorflow/tfjs-core";
import type { LayersModel } from "@tensorflow/tfjs-layers";
import type { Backend } from "../../backend/start.ts";
import { CoreError } from "../../errors.ts";
import { modelWeights } from "../model_weights.ts";
import { copyStretch } from "./copy_stretch.ts";
import type { CompiledReplica, SampleSet, Shard } from "./compiled_replica.ts";
import { ghostBatchNormalization, movingStatistics, updateMovingStatistics } from "./ghost_batch_normalization.ts";
import { keyRandomNumbers } from "./keyed_layers.ts";
import { layersWithin, type AnyLayer } from "./layers_within.ts";
import { optimizerSlots, type SlotShape, stateOfSlots } from "./optimizer_slots.ts";
import { optimizerTensors, writeOptimizerState } from "./optimizer_state.ts";
import { withoutRandomNumbers } from "./random_guard.ts";
import { gatherSamples, type SampleArray } from "./sample_array.ts";
import { type BatchStatistics, type PassHolder, ShardPass } from "./shard_pass.ts";

/** What `compile` made, some of which tfjs-layers does not show in its types. */
interface Compiled extends Pick<LayersModel, "apply" | "calculateLosses" | "lossFunctions"> {
  /** A function for each metric, and the output that it looks at. */
  readonly metricsTensors: readonly (readonly [metric: LayersModel["lossFunctions"][number], output: number])[];
  /** As tfjs labels its history: names that come twice get numbers. */
  getDedupedMetricsNames(): string[];
}

/** A model of tfjs-layers, compiled and built, as a replica. */
export class LayersReplica implements CompiledReplica {
  readonly values: readonly string[];
  readonly changing: readonly number[];
  readonly gradients: number;
  statistics = 0;
  slots: readonly SlotShape[] | undefined;
  readonly #tf: Backend["tf"];
  readonly #beginPass: (() => void) | undefined;
  readonly #model: LayersModel;
  readonly #compiled: Compiled;
  readonly #holder: PassHolder = { pass: undefined };
  readonly #trained: readonly Variable[];
  readonly #changing: readonly Variable[];
  /** Batch normalizations in the order of their calls. */
  #normalizations: readonly AnyLayer[] = [];

  /** @param beginPass called at the start of each pass */
  constructor(tf: Backend["tf"], model: LayersModel, beginPass: (() => void) | undefined) {
    this.#tf = tf;
    this.#beginPass = beginPass;
    this.#model = model;
    this.#compiled = compiledInside(model);
    const weights = model.trainableWeights;
    const trainable = new Set<unknown>(weights);
    const moving = [];
    for (const [place, layer] of layersWithin(model).entries()) {
      if (layer.getClassName() !== "BatchNormalization") keyRandomNumbers(tf, layer, place, this.#holder);
      else if (ghostBatchNormalization(tf, layer, trainable, this.#holder)) moving.push(...movingStatistics(layer));
    }
    this.#trained = weights.map((weight) => weight.read() as Variable);
    this.#changing = [...weights, ...moving].map((weight) => weight.read() as Variable);
    const places = new Map(modelWeights(model).map((weight, place) => [weight, place]));
    this.changing = [...weights, ...moving].map((weight) => places.get(weight) ?? -1);
    this.gradients = this.#trained.reduce((total, { size }) => total + size, 0);
    this.values = this.#compiled.getDedupedMetricsNames();
  }

  /**
   * Finds out, before any training, which layers leave statistics, whether any other changes its weights itself, and what
   * the optimizer will remember.
   */
  async try(data: SampleSet, shard: Shard): Promise<void> {
    this.slots = await optimizerSlots(this.#tf, this.#model.optimizer, this.#trained);
    const weights = modelWeights(this.#model);
    const before = weights.map((weight) => weight.read().dataId);
    const found = this.#pass(data, shard, () => {});
    this.#normalizations = found.map(({ layer }) => layer);
    this.statistics = found.reduce((total, { mean }) => total + 2 * mean.length, 0);
    const changed = weights.find((weight, i) => weight.read().dataId !== before[i]);
    if (changed === undefined) return;
    throw new CoreError(
      "TAPE_LAYER_UNSUPPORTED",
      `the layer of weight ${changed.originalName} changes it while it computes, so that it would be another one in every ` +
        "thread. Set its layer's trainable to false, or use BatchNormalization of tfjs-layers.",
    );
  }

  shard(data: SampleSet, shard: Shard, out: Float32Array): void {
    const weight = Math.fround(shard.samples.length / shard.minibatchSize);
    out.fill(0);
    const statistics = this.#pass(data, shard, (gradients, values) => {
      let offset = 0;
      for (const [i, { size }] of this.#trained.entries()) {
        const gradient = gradients[i];
        if (gradient !== undefined) out.set(gradient.dataSync<"float32">(), offset);
        offset += size;
      }
      out.set(values, this.gradients + this.statistics);
    });
    let offset = this.gradients;
    for (const found of statistics.flatMap(({ mean, variance }) => [mean, variance])) {
      for (const value of found) out[offset++] = value * weight;
    }
    if (offset === this.gradients + this.statistics) return;
    throw new CoreError(
      "TAPE_LAYER_UNSUPPORTED",
      "the model calls its batch normalizations not equally often each time.",
    );
  }

  #pass(
    data: SampleSet,
    { samples, minibatchSize, first, seed, step }: Shard,
    take: (gradients: readonly (Tensor | undefined)[], values: Float32Array) => void,
  ): readonly BatchStatistics[] {
    const tf = this.#tf;
    const weight = samples.length / minibatchSize;
    const pass = new ShardPass(samples, seed, step);
    this.#beginPass?.();
    this.#holder.pass = pass;
    try {
      withoutRandomNumbers(() => {
        tf.tidy(() => {
          const { inputs, targets } = this.#gather(data, samples);
          const values = new Float32Array(this.values.length);
          const { value, grads } = tf.variableGrads(() => {
            const outputs = [this.#compiled.apply(inputs, { training: true })].flat() as Tensor[];
            const { losses, metrics } = this.#values(targets, outputs);
            values.set(
              metrics.map((metric) => metric.dataSync()[0] * weight),
              1,
            );
            let loss = tf.mul(sum(tf, losses), weight);
            if (first) for (const penalty of this.#compiled.calculateLosses()) loss = tf.add(loss, penalty);
            return loss as Scalar;
          }, [...this.#trained]);
          values[0] = value.dataSync()[0];
          const gradients = this.#trained.map(({ name }) => grads[name] as Tensor | undefined);
          take(gradients, values);
        });
      });
    } finally {
      this.#holder.pass = undefined;
    }
    return pass.statistics;
  }

  update(total: Float32Array): void {
    const tf = this.#tf;
    this.#beginPass?.();
    tf.tidy(() => {
      let offset = 0;
      const gradients = this.#trained.map(({ name, shape, size }) => {
        const values = total.slice(offset, offset + size);
        offset += size;
        return { name, tensor: tf.tensor(values, shape) };
      });
      this.#model.optimizer.applyGradients(gradients);
      // tfjs has the constraints, but does not apply them in its own training.
      for (const weight of this.#model.trainableWeights) {
        const { constraint } = weight;
        const variable = weight.read() as Variable;
        if (constraint !== null) variable.assign(constraint.apply(variable));
      }
      for (const layer of this.#normalizations) {
        const size = movingStatistics(layer)[0].read().size;
        const mean = total.slice(offset, offset + size);
        updateMovingStatistics(tf, layer, mean, total.slice(offset + size, offset + 2 * size));
        offset += 2 * size;
      }
    });
  }

  readWeights(start: number, out: Float32Array): void {
    copyStretch(this.#changing, start, out);
  }

  evaluate(data: SampleSet, samples: readonly number[]): Float32Array {
    const tf = this.#tf;
    this.#beginPass?.();
    return withoutRandomNumbers(() =>
      tf.tidy(() => {
        const { inputs, targets } = this.#gather(data, samples);
        const outputs = [this.#compiled.apply(inputs, { training: false })].flat() as Tensor[];
        const { losses, metrics } = this.#values(targets, outputs);
        return Float32Array.from([sum(tf, losses), ...metrics], (value) => value.dataSync()[0]);
      }),
    );
  }

  /** Loss of each output, and all metrics, each as a mean over these samples. */
  #values(targets: readonly Tensor[], outputs: readonly Tensor[]): { losses: Tensor[]; metrics: Tensor[] } {
    const tf = this.#tf;
    const { lossFunctions, metricsTensors } = this.#compiled;
    const losses = outputs.map((output, i) => tf.mean(lossFunctions[i](targets[i], output)));
    const metrics = metricsTensors.map(([metric, output], i) =>
      outputs.length > 1 && i < outputs.length ? losses[i] : tf.mean(metric(targets[output], outputs[output])),
    );
    return { losses, metrics };
  }

  #gather(data: SampleSet, samples: readonly number[]): { inputs: Tensor[]; targets: Tensor[] } {
    const tensors = (arrays: readonly SampleArray[]): Tensor[] =>
      arrays.map((array) => gatherSamples(this.#tf, array, samples));
    // Some losses of tfjs take no integers, and none needs them.
    const targets = tensors(data.y).map((target) => this.#tf.cast(target, "float32"));
    return { inputs: tensors(data.x), targets };
  }

  async readState(start: number, out: Float32Array): Promise<number> {
    const found = await optimizerTensors(this.#model.optimizer);
    if (found === undefined) return 0;
    copyStretch(
      found.tensors.map(({ tensor }) => tensor),
      start,
      out,
    );
    return found.steps;
  }

  async restore(weights: Float32Array, steps: number, state: Float32Array): Promise<void> {
    const tf = this.#tf;
    let offset = 0;
    for (const variable of this.#changing) {
      const values = tf.tensor(weights.slice(offset, offset + variable.size), variable.shape);
      variable.assign(values);
      values.dispose();
      offset += variable.size;
    }
    if (this.slots !== undefined) {
      await writeOptimizerState(this.#model.optimizer, stateOfSlots(this.slots, steps, state));
    }
  }

  dispose(): void {
    this.#model.dispose();
  }
}

function sum(tf: Backend["tf"], [first, ...others]: readonly Tensor[]): Tensor {
  return others.reduce((total, each) => tf.add(total, each), first);
}

/** The one of a Sequential is inside, where it makes it at its first call. */
function compiledInside(model: LayersModel): Compiled {
  return ((model as Partial<Record<"model", LayersModel>>).model ?? model) as unknown as Compiled;
}
