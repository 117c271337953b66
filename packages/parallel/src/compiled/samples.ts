import type { Normalization } from "@convoy/core/training";
import type { AnyLayersModel, SampleArray, SampleSet } from "@convoy/tfjs/tape";
import type { Tensor } from "@tensorflow/tfjs-core";
import type { LayersModel } from "@tensorflow/tfjs-layers";
import { ParallelError } from "../errors.ts";

/** Numbers with their shape, for those who have no tensor. */
export interface SampleValues {
  /** One sample after the other. Bytes stay bytes in memory and become floats; integers stay integers. */
  readonly values: Float32Array | Int32Array | Uint8Array;
  /** With the number of samples in front. */
  readonly shape: readonly number[];
  /** Bytes become (byte / 255 - mean) / deviation. Default: the byte itself. */
  readonly normalization?: Normalization;
}

/** Samples of one input or output. */
export type Samples = Tensor | SampleValues;

/** Of a model with several inputs or outputs: in their order, or by their names. */
export type NamedSamples = Samples | readonly Samples[] | Readonly<Record<string, Samples>>;

/** What `fit` takes for a compiled tfjs-layers model. */
export interface LayersData {
  readonly x: NamedSamples;
  readonly y: NamedSamples;
}

/** Shared data of a run. */
export interface SharedSamples extends SampleSet {
  readonly count: number;
}

interface Port {
  readonly name: string;
  /** Of one sample; null for a length that the model does not fix. */
  readonly shape: readonly (number | null)[];
}

/**
 * Copies the data once into memory that all threads see; what lies in a SharedArrayBuffer already stays there.
 *
 * @param what the data is, for messages
 * @throws `FIT_DATA` for shapes, types and numbers of samples that the model cannot take
 */
export async function shareSamples(given: AnyLayersModel, data: LayersData, what: string): Promise<SharedSamples> {
  const model = given as LayersModel;
  if (typeof data !== "object" || (data as unknown) === null || !("x" in data) || !("y" in data)) {
    throw new ParallelError("FIT_DATA", `${what} must be { x, y }: inputs and targets.`);
  }
  const inputs = model.inputs.map(({ shape }, i): Port => ({ name: model.inputNames[i], shape: shape.slice(1) }));
  const x = await shareAll(inputs, data.x, `x of ${what}`);
  const y = await shareAll(
    model.outputs.map((_, i) => targetOf(model, i)),
    data.y,
    `y of ${what}`,
  );
  const [{ count }] = x;
  const other = [...x, ...y].find((array) => array.count !== count);
  if (other !== undefined) {
    throw new ParallelError(
      "FIT_DATA",
      `${what}: all inputs and targets need as many samples; got ${count} and ${other.count}.`,
    );
  }
  if (count === 0) throw new ParallelError("FIT_DATA", `${what} have no samples.`);
  return { x, y, count };
}

/** Sparse cross-entropy takes the number of the class; other losses take what the output gives. */
function targetOf(model: LayersModel, i: number): Port {
  const name = model.outputNames[i];
  const shape = model.outputs[i].shape.slice(1);
  return { name, shape: takesClassNumbers(model, i) ? [...shape.slice(0, -1), 1] : shape };
}

/** Whether the loss of this output takes numbers of classes. */
export function takesClassNumbers(model: AnyLayersModel, i: number): boolean {
  const name = (model as LayersModel).outputNames[i];
  const sparse = "sparseCategoricalCrossentropy";
  const { loss } = model as unknown as { loss: unknown };
  const given = isRecord(loss) ? (loss[name] ?? (loss as unknown as unknown[])[i]) : loss;
  return given === sparse || (typeof given === "function" && given.name === sparse);
}

/** @throws `FIT_DATA` for what is not there or of another shape */
export async function shareAll(ports: readonly Port[], given: NamedSamples, what: string): Promise<SampleArray[]> {
  const samples = inOrder(ports, given, what);
  return Promise.all(ports.map(async (port, i) => shareOne(port, samples[i], what)));
}

function inOrder(ports: readonly Port[], given: NamedSamples, what: string): readonly Samples[] {
  const names = ports.map(({ name }) => name);
  if (isTensor(given) || isValues(given)) {
    if (ports.length === 1) return [given];
  } else if (Array.isArray(given)) {
    if (given.length === ports.length) return given as readonly Samples[];
  } else if (isRecord(given) && Object.keys(given).length === names.length && names.every((name) => name in given)) {
    return names.map((name) => given[name]);
  }
  const one = "a tensor, or { values, shape }";
  const expected =
    ports.length === 1 ? `must be ${one}` : `must be an array of ${ports.length}, each ${one}, or a record`;
  throw new ParallelError("FIT_DATA", `${what} ${expected} for ${names.join(", ")}.`);
}

async function shareOne(port: Port, given: Samples, what: string): Promise<SampleArray> {
  const { values, shape, normalization } = await read(port, given, what);
  const [count, ...own] = shape;
  // A vector is a column, as for tfjs.
  const sample = own.length === 0 && port.shape.length === 1 ? [1] : own;
  if (sample.length !== port.shape.length || port.shape.some((length, i) => length !== null && length !== sample[i])) {
    const wanted = ["samples", ...port.shape.map(String)].join(", ");
    throw new ParallelError("FIT_DATA", `${what} for ${port.name} must be of [${wanted}]; got [${shape.join(", ")}].`);
  }
  const size = shape.reduce((product, length) => product * length, 1);
  if (values.length !== size) {
    throw new ParallelError(
      "FIT_DATA",
      `${what} for ${port.name}: a shape of [${shape.join(", ")}] needs ${size} numbers; got ${values.length}.`,
    );
  }
  const array = { values: inSharedMemory(values), shape: sample, count };
  if (normalization === undefined) return array;
  const { mean, deviation } = normalization;
  if (!(values instanceof Uint8Array) || !Number.isFinite(mean) || !(Number.isFinite(deviation) && deviation > 0)) {
    throw new ParallelError(
      "FIT_DATA",
      `${what} for ${port.name}: a normalization needs bytes, a finite mean and a deviation above 0.`,
    );
  }
  return { ...array, scale: 1 / (255 * deviation), shift: -mean / deviation };
}

async function read(port: Port, given: Samples, what: string): Promise<SampleValues> {
  if (isTensor(given)) {
    const { dtype, shape } = given;
    if (dtype === "float32" || dtype === "int32") return { values: await given.data<"float32">(), shape };
    throw new ParallelError("FIT_DATA", `${what} for ${port.name} is ${dtype}; cast it to float32 or int32.`);
  }
  if (isValues(given)) return given;
  throw new ParallelError("FIT_DATA", `${what} for ${port.name} must be a tensor, or { values, shape }.`);
}

/**
 * The samples before and from the one at `at` on, in the same memory.
 *
 * @example
 * splitSamples(samples, 80) // the first 80, and the others
 */
export function splitSamples(samples: SharedSamples, at: number): [before: SharedSamples, after: SharedSamples] {
  const part = (start: number, end: number): SharedSamples => {
    const of = (array: SampleArray): SampleArray => {
      const size = array.shape.reduce((product, length) => product * length, 1);
      return { ...array, values: array.values.subarray(start * size, end * size), count: end - start };
    };
    return { x: samples.x.map(of), y: samples.y.map(of), count: end - start };
  };
  return [part(0, at), part(at, samples.count)];
}

function inSharedMemory<Values extends SampleValues["values"]>(values: Values): Values {
  if (values.buffer instanceof SharedArrayBuffer) return values;
  const shared = new (values.constructor as new (buffer: SharedArrayBuffer) => Values)(
    new SharedArrayBuffer(values.byteLength),
  );
  shared.set(values);
  return shared;
}

// By what it has: a program may hold two copies of tfjs.
function isTensor(value: unknown): value is Tensor {
  return isRecord(value) && "dataId" in value && "dtype" in value && "shape" in value;
}

function isValues(value: unknown): value is SampleValues {
  if (!isRecord(value) || !Array.isArray(value["shape"])) return false;
  const { values, shape } = value as { values: unknown; shape: unknown[] };
  const typed = values instanceof Float32Array || values instanceof Int32Array || values instanceof Uint8Array;
  return typed && shape.length > 0 && shape.every((length) => Number.isInteger(length) && Number(length) >= 0);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
