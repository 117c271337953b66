import { escapeControls, type Normalization } from "@convoy/core/training";

/** What a weights file says about how it was trained, beside network and weights. */
export interface WeightsMetadata {
  readonly dataset?: string | undefined;
  readonly normalization?: Normalization | undefined;
  readonly classNames?: readonly string[] | undefined;
}

/** As text by key, which is all that safetensors can hold. */
export interface TrainingFacts {
  readonly dataset: string;
  readonly normalization: Normalization;
  readonly classNames: readonly string[];
  readonly epochs: number;
  readonly seed: number;
  /** Of the last evaluation; nothing when the run was stopped before one. */
  readonly testAccuracy: number | undefined;
  /** Of the best weights: after which optimizer step, and the accuracy that they were chosen by. */
  readonly step?: number;
  readonly validationAccuracy?: number;
}

export function encodeMetadata(facts: TrainingFacts): Record<string, string> {
  const { dataset, normalization, classNames, epochs, seed, ...found } = facts;
  const numbers = Object.entries(found).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  );
  return {
    dataset,
    normalization: JSON.stringify(normalization),
    classNames: JSON.stringify(classNames),
    epochs: String(epochs),
    seed: String(seed),
    ...Object.fromEntries(numbers),
  };
}

/** Reads what is there and makes sense; weights may come from any program that saves safetensors. */
export function decodeMetadata(metadata: Readonly<Record<string, string>>): WeightsMetadata {
  return {
    dataset: metadata["dataset"],
    normalization: parsed(metadata["normalization"], isNormalization),
    classNames: parsed(metadata["classNames"], isListOfNames),
  };
}

function parsed<Value>(text: string | undefined, makesSense: (value: unknown) => value is Value): Value | undefined {
  try {
    const value: unknown = JSON.parse(text ?? "null");
    return makesSense(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isNormalization(value: unknown): value is Normalization {
  if (typeof value !== "object" || value === null || !("mean" in value) || !("deviation" in value)) return false;
  const { mean, deviation } = value;
  return Number.isFinite(mean) && typeof deviation === "number" && Number.isFinite(deviation) && deviation > 0;
}

/** They are printed: nothing in them may be an order to the terminal, or fill the screen. */
function isListOfNames(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(isPrintable);
}

function isPrintable(name: unknown): boolean {
  return typeof name === "string" && name.length <= 100 && escapeControls(name) === name;
}
