import type { SampleArray } from "@convoy/tfjs/tape";
import { ParallelError } from "../errors.ts";
import { shown } from "@convoy/core/training";
import { shareAll, type NamedSamples, type SharedSamples } from "./samples.ts";

/** For each class, a number that the loss of its samples is multiplied by. */
export type ClassWeight = Readonly<Record<number, number>>;

/** Of a model with several outputs: in their order, or by their names. */
export type ClassWeights = ClassWeight | readonly ClassWeight[] | Readonly<Record<string, ClassWeight>>;

/**
 * The product of class and sample weights of each sample, for each output, in memory that all threads see.
 *
 *     loss = mean(weight · loss of the sample), as tfjs has it for class weights
 *
 * @returns nothing where there are none
 * @throws `FIT_OPTION` for weights that do not fit the model; `FIT_DATA` for classes without a weight
 */
export async function shareWeights(
  { outputNames }: { readonly outputNames: readonly string[] },
  { y, count }: SharedSamples,
  classWeight: ClassWeights | undefined,
  sampleWeight: NamedSamples | undefined,
): Promise<readonly (SampleArray | undefined)[] | undefined> {
  if (classWeight === undefined && sampleWeight === undefined) return undefined;
  const ofClasses = classWeight === undefined ? [] : classWeightsInOrder(outputNames, classWeight);
  const ports = outputNames.map((name) => ({ name, shape: [] }));
  const ofSamples = sampleWeight === undefined ? [] : await shareAll(ports, sampleWeight, "sampleWeight");
  return y.map((targets, i) => {
    const given = ofSamples[i] as SampleArray | undefined;
    if (given !== undefined && given.count !== count) {
      throw new ParallelError("FIT_OPTION", `sampleWeight has ${given.count} numbers for ${count} samples.`);
    }
    const values = new Float32Array(new SharedArrayBuffer(count * 4)).fill(1);
    if (given !== undefined) values.set(given.values);
    const classes = ofClasses[i];
    if (classes !== undefined) {
      for (let n = 0; n < count; n++) values[n] *= weightOfClass(classes, classOf(targets, n, outputNames[i]), n);
    }
    const wrong = values.findIndex((value) => !Number.isFinite(value));
    if (wrong >= 0) throw new ParallelError("FIT_OPTION", `the weight of sample ${wrong} is ${values[wrong]}.`);
    return { values, shape: [], count };
  });
}

function classWeightsInOrder(names: readonly string[], given: ClassWeights): readonly (ClassWeight | undefined)[] {
  const expected = "an object with a number for each class";
  const entry = given as Readonly<Record<string, unknown>>;
  let all: readonly unknown[];
  if (Array.isArray(given)) all = given;
  else if (isObject(given) && names.some((name) => isObject(entry[name]))) all = names.map((name) => entry[name]);
  else all = [given];
  if (all.length === names.length && all.every((each) => each === undefined || isObject(each))) {
    return all as readonly (ClassWeight | undefined)[];
  }
  const several = names.length === 1 ? "" : `, for each of ${names.join(", ")}: an array, or a record`;
  throw new ParallelError("FIT_OPTION", `classWeight must be ${expected}${several}; got ${shown(given)}.`);
}

/** The number itself, or the first of the largest of a row, as in tfjs. */
function classOf({ values, shape }: SampleArray, sample: number, output: string): number {
  if (shape.length !== 1) {
    throw new ParallelError(
      "FIT_OPTION",
      `classWeight needs one class a sample; targets of ${output} are [samples, ${shape.join(", ")}]. Give sampleWeight.`,
    );
  }
  const row = values.subarray(sample * shape[0], (sample + 1) * shape[0]);
  return row.length === 1 ? row[0] : row.indexOf(Math.max(...row));
}

function weightOfClass(weights: ClassWeight, label: number, sample: number): number {
  const weight: unknown = weights[label];
  if (typeof weight === "number") return weight;
  throw new ParallelError(
    "FIT_DATA",
    `classWeight has no number for class ${label}, which sample ${sample} of the training data is. Give one for each class.`,
  );
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}
