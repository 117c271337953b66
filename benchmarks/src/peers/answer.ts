/** One line from a peer's process. */
export interface Answer {
  readonly framework: string;
  readonly version: string;
  /** One a chunk of steps. */
  readonly imagesPerSecond: readonly number[];
  /** Of the check, when the job asked for one. */
  readonly loss: number | null;
}

/** A peer that cannot do what it was asked: a reason to leave it out, not to stop. */
export class PeerError extends Error {
  override readonly name = "PeerError";
}

/**
 * Reads the line that a peer answers. Frameworks also print lines of their own.
 *
 * @returns undefined for a line that is no answer
 * @throws PeerError with the peer's reason, or when the answer has not what the job asked for
 */
export function parseAnswer(
  line: string,
  asked: { readonly check: boolean; readonly rates: boolean },
): Answer | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    // Python writes NaN, which JSON does not have.
    if (line.startsWith('{"framework"')) throw new PeerError(`its answer is no JSON: ${line}`);
    return undefined;
  }
  if (typeof value !== "object" || value === null || !("framework" in value)) return undefined;
  const { framework, version, imagesPerSecond, loss, error } = value as Record<string, unknown>;
  if (typeof error === "string") throw new PeerError(error);
  if (typeof framework !== "string" || typeof version !== "string")
    throw new PeerError(`an answer without name: ${line}`);
  if (!Array.isArray(imagesPerSecond) || !imagesPerSecond.every(isPositive)) {
    throw new PeerError(`imagesPerSecond is no list of positive numbers: ${JSON.stringify(imagesPerSecond)}`);
  }
  if (asked.rates && imagesPerSecond.length === 0) throw new PeerError("it measured nothing");
  if (loss !== null && typeof loss !== "number") throw new PeerError(`the loss is no number: ${JSON.stringify(loss)}`);
  if (asked.check && loss === null) throw new PeerError("the loss is not finite");
  return { framework, version, imagesPerSecond, loss };
}

function isPositive(value: unknown): value is number {
  return typeof value === "number" && value > 0 && Number.isFinite(value);
}
