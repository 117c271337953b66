import { ParallelError } from "../errors.ts";

/**
 * Refuses data as `model.fit` and `model.fitDataset` take it, with what to do instead.
 *
 * @throws `FIT_DATA`
 */
export function refuseTfjsData(data: unknown): void {
  if (typeof data !== "object" || data === null) return;
  if ("iterator" in data && "forEachAsync" in data) {
    throw new ParallelError(
      "FIT_DATA",
      "fit takes no tf.data Dataset: its threads share all samples, in an order of their own. Collect it first: " +
        "const parts = await dataset.toArray(); then give { x: tf.concat(parts.map(({ xs }) => xs)), y: tf.concat(parts.map(({ ys }) => ys)) } " +
        "(tf.stack for a dataset that is not batched), with batchSize as an option; or train with model.fitDataset.",
    );
  }
  if ("dataId" in data || (Array.isArray(data) && data.length > 0)) {
    throw new ParallelError(
      "FIT_DATA",
      "fit takes inputs and targets as one object: fit(model, { x, y }, options), where model.fit takes (x, y, options).",
    );
  }
}
