/** What a weights file says about how it was trained, beside the network and what its numbers mean. */
export interface WeightsMetadata {
  readonly dataset: string | undefined;
  /** Whether that is the name of a published set. */
  readonly isPublished: boolean;
}

/** As text by key, which is all that safetensors can hold. */
export interface TrainingFacts {
  readonly dataset: string;
  /** Whether it is a published set, and not own data. */
  readonly publishedData: boolean;
  readonly epochs: number;
  readonly seed: number;
  /** Of the last evaluation; nothing when the run was stopped before one. */
  readonly testAccuracy: number | undefined;
  /** Of the best weights: after which optimizer step, and the accuracy that they were chosen by. */
  readonly step?: number;
  readonly validationAccuracy?: number;
}

export function encodeMetadata(facts: TrainingFacts): Record<string, string> {
  const texts = Object.entries(facts).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
  return Object.fromEntries(texts);
}

/** Weights may come from any program that saves safetensors. Those from before do not say whether data were own. */
export function decodeMetadata(metadata: Readonly<Record<string, string>>): WeightsMetadata {
  const read = (key: keyof TrainingFacts): string | undefined =>
    Object.hasOwn(metadata, key) ? metadata[key] : undefined;
  return { dataset: read("dataset"), isPublished: read("publishedData") !== "false" };
}
