import { isDeepStrictEqual } from "node:util";
import type { Scalar, Tensor, Variable } from "@tensorflow/tfjs-core";
import type { LayersModel, LayerVariable } from "@tensorflow/tfjs-layers";
import type { Backend } from "@convoy/core/engine";
import { TfjsError } from "../../errors.ts";
import type { AnyLayer } from "../layers_in_fields.ts";
import { compiledInside, type Compiled } from "./compiled_inside.ts";
import type { CompiledModelSpec } from "./compiled_model.ts";
import { copyStretch, numbersOf } from "./copy_stretch.ts";
import type { CompiledReplica, SampleSet, Shard } from "./compiled_replica.ts";
import { ghostBatchNormalization, movingStatistics, updateMovingStatistics } from "./ghost_batch_normalization.ts";
import { keyRandomNumbers } from "./keyed_layers.ts";
import { layersWithin } from "./layers_within.ts";
import { restoreLayersOptimizer, type OptimizerSpec } from "./optimizer_spec.ts";
import { optimizerSlots, type SlotShape, stateOfSlots, withGradients } from "./optimizer_slots.ts";
import { optimizerTensors, readOptimizerState, writeOptimizerState, type OptimizerState } from "./optimizer_state.ts";
import { withoutRandomNumbers } from "./random_guard.ts";
import { gatherSamples, type SampleArray } from "./sample_array.ts";
import { type BatchStatistics, type PassHolder, ShardPass } from "./shard_pass.ts";

/** A model of tfjs-layers, compiled and built, as a replica. */
export class LayersReplica implements CompiledReplica {
  readonly values: readonly string[];
  changing: readonly number[] = [];
  gradients = 0;
  statistics = 0;
  slots: readonly SlotShape[] | undefined;
  readonly #tf: Backend["tf"];
  readonly #beginPass: (() => void) | undefined;
  readonly #model: LayersModel;
  readonly #compiled: Compiled;
  readonly #holder: PassHolder = { pass: undefined };
  readonly #weights: readonly LayerVariable[];
  /** What the optimizer is given, in its order, frozen ones and those that come twice too: by place, it finds its slots. */
  readonly #collected: readonly Variable[];
  #trained: readonly LayerVariable[];
  #changing: readonly Variable[] = [];
  /** Batch normalizations in the order of their calls. */
  #normalizations: readonly AnyLayer[] = [];

  /**
   * @param weights of the model, as `buildCompiledModel` gives them
   * @param beginPass called at the start of each pass
   */
  constructor(
    tf: Backend["tf"],
    model: LayersModel,
    weights: readonly LayerVariable[],
    { trainable, collected }: Pick<CompiledModelSpec, "trainable" | "collected">,
    beginPass?: () => void,
  ) {
    this.#tf = tf;
    this.#beginPass = beginPass;
    this.#model = model;
    this.#compiled = compiledInside(model);
    this.#weights = weights;
    for (const [place, layer] of layersWithin(model).entries()) {
      if (layer.getClassName() === "BatchNormalization") ghostBatchNormalization(tf, layer, this.#holder);
      else keyRandomNumbers(tf, layer, place, this.#holder);
    }
    this.#collected = collected.map((place) => weights[place].read() as Variable);
    this.#trained = [...new Set(collected)].filter((place) => trainable[place]).map((place) => weights[place]);
    this.values = this.#compiled.getDedupedMetricsNames();
  }

  /**
   * Finds out, before any training, which weights get gradients, which layers leave statistics, whether any other changes
   * its weights itself, and what the optimizer will remember.
   *
   * @param state what the optimizer remembers already
   */
  async try(data: SampleSet, shard: Shard, state: OptimizerState | undefined): Promise<void> {
    const before = this.#weights.map((weight) => weight.read().dataId);
    let reached: readonly (Tensor | undefined)[] = [];
    const found = this.#pass(data, shard, (gradients) => (reached = gradients));
    this.#trained = this.#trained.filter((_, i) => reached[i] !== undefined);
    this.#normalizations = found.map(({ layer }) => layer);
    this.statistics = found.reduce((total, { mean }) => total + 2 * mean.length, 0);
    const changed = this.#weights.find((weight, i) => weight.read().dataId !== before[i]);
    if (changed !== undefined) {
      throw new TfjsError(
        "TAPE_LAYER_UNSUPPORTED",
        `the layer of weight ${changed.originalName} changes it while it computes, so that it would be another one in ` +
          "every thread. Use BatchNormalization of tfjs-layers, or train with model.fit.",
      );
    }
    // Two layers may share their statistics.
    const variables = this.#weights.map((weight) => weight.read());
    const moving = found.flatMap(({ layer }) => movingStatistics(layer)).map((weight) => weight.read());
    this.changing = [...new Set([...this.#trained.map((weight) => weight.read()), ...moving])].map((variable) =>
      variables.indexOf(variable),
    );
    this.#changing = this.changing.map((place) => variables[place] as Variable);
    this.gradients = this.#trained.reduce((total, weight) => total + weight.read().size, 0);
    const { optimizer } = this.#compiled;
    const frozen = this.#collected.map((variable) => !this.#trained.some((weight) => weight.read() === variable));
    this.slots = await optimizerSlots(this.#tf, optimizer, this.#collected, frozen, state);
    if (state !== undefined) await writeOptimizerState(optimizer, state);
  }

  async configure(spec: OptimizerSpec): Promise<void> {
    const { optimizer } = this.#compiled;
    if (isDeepStrictEqual(optimizer.getConfig(), spec.config)) return;
    const [next, state] = [await restoreLayersOptimizer(spec), await readOptimizerState(optimizer)];
    if (next === undefined || state === undefined) {
      throw new TfjsError(
        "TAPE_OPTIMIZER",
        `the settings of ${spec.className} were changed while fit trained, but it does not tell what it remembers, so that ` +
          "the threads cannot go on with them. Give it getWeights and setWeights, or change them between two calls of fit.",
      );
    }
    await writeOptimizerState(next, state);
    this.#compiled.optimizer = next;
    optimizer.dispose();
  }

  shard(data: SampleSet, shard: Shard, out: Float32Array): void {
    const weight = Math.fround(shard.samples.length / shard.minibatchSize);
    out.fill(0);
    const statistics = this.#pass(data, shard, (gradients, values) => {
      let offset = 0;
      for (const gradient of gradients) {
        if (gradient === undefined) throw unsteady("reaches its weights");
        out.set(numbersOf(this.#tf, gradient), offset);
        offset += gradient.size;
      }
      out.set(values, this.gradients + this.statistics);
    });
    let offset = this.gradients;
    for (const found of statistics.flatMap(({ mean, variance }) => [mean, variance])) {
      for (const value of found) out[offset++] = value * weight;
    }
    if (offset === this.gradients + this.statistics) return;
    throw unsteady("calls its batch normalizations");
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
          const { inputs, targets, weights } = this.#gather(data, samples);
          const values = new Float32Array(this.values.length);
          const trained = this.#trained.map((each) => each.read() as Variable);
          const { value, grads } = tf.variableGrads(() => {
            const outputs = [this.#compiled.apply(inputs, { training: true })].flat() as Tensor[];
            const { losses, metrics } = this.#values(targets, outputs, weights);
            values.set(
              metrics.map((metric) => metric.dataSync()[0] * weight),
              1,
            );
            let loss = tf.mul(sum(tf, losses), weight);
            if (first) for (const penalty of this.#compiled.calculateLosses()) loss = tf.add(loss, penalty);
            return loss as Scalar;
          }, trained);
          values[0] = value.dataSync()[0];
          take(
            trained.map(({ name }) => grads[name] as Tensor | undefined),
            values,
          );
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
      const gradients = new Map<string, Tensor>();
      for (const weight of this.#trained) {
        const { name, shape, size } = weight.read() as Variable;
        gradients.set(name, tf.tensor(total.subarray(offset, offset + size), shape));
        offset += size;
      }
      this.#compiled.optimizer.applyGradients(withGradients(this.#collected, ({ name }) => gradients.get(name)));
      // tfjs has the constraints, but does not apply them in its own training.
      for (const weight of this.#trained) {
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
    copyStretch(this.#tf, this.#changing, start, out);
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
  #values(
    targets: readonly Tensor[],
    outputs: readonly Tensor[],
    weights: readonly (Tensor | undefined)[] = [],
  ): { losses: Tensor[]; metrics: Tensor[] } {
    const tf = this.#tf;
    const { lossFunctions, metricsTensors } = this.#compiled;
    const losses = outputs.map((output, i) => tf.mean(weighted(tf, lossFunctions[i](targets[i], output), weights[i])));
    const metrics = metricsTensors.map(([metric, output], i) =>
      outputs.length > 1 && i < outputs.length ? losses[i] : tf.mean(metric(targets[output], outputs[output])),
    );
    return { losses, metrics };
  }

  #gather(
    data: SampleSet,
    samples: readonly number[],
  ): { inputs: Tensor[]; targets: Tensor[]; weights: (Tensor | undefined)[] | undefined } {
    const tensors = (arrays: readonly SampleArray[]): Tensor[] =>
      arrays.map((array) => gatherSamples(this.#tf, array, samples));
    // Some losses of tfjs take no integers, and none needs them.
    const targets = tensors(data.y).map((target) => this.#tf.cast(target, "float32"));
    const weights = data.weights?.map((array) => (array === undefined ? undefined : tensors([array])[0]));
    return { inputs: tensors(data.x), targets, weights };
  }

  async readState(start: number, out: Float32Array): Promise<number> {
    const found = await optimizerTensors(this.#compiled.optimizer);
    if (found === undefined) return 0;
    copyStretch(
      this.#tf,
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
      await writeOptimizerState(this.#compiled.optimizer, stateOfSlots(this.slots, steps, state));
    }
  }

  dispose(): void {
    this.#model.dispose();
  }
}

function sum(tf: Backend["tf"], [first, ...others]: readonly Tensor[]): Tensor {
  return others.reduce((total, each) => tf.add(total, each), first);
}

/** @throws `TAPE_FUNCTION` for a loss that is not one number a sample: tfjs would mix them */
function weighted(tf: Backend["tf"], loss: Tensor, weights: Tensor | undefined): Tensor {
  if (weights === undefined) return loss;
  if (loss.rank === 1) return tf.mul(loss, weights);
  throw new TfjsError(
    "TAPE_FUNCTION",
    `class and sample weights need a loss that gives a number for each sample; this one gives ${loss.rank === 0 ? "one for all" : `[${loss.shape.join(", ")}]`}. ` +
      "Name a loss of tfjs-layers as text, for example categoricalCrossentropy.",
  );
}

function unsteady(what: string): TfjsError {
  return new TfjsError(
    "TAPE_LAYER_UNSUPPORTED",
    `the model ${what} not equally often each time. Train with model.fit.`,
  );
}
