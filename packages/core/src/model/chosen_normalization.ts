import { isSameNormalization, type Normalization, normalizationText } from "../network/data/normalization.ts";
import { CoreError } from "../errors.ts";

/**
 * Whose normalization counts: that of this very call, else the data's, else the network's. Data that contradicts the
 * network is refused, for the answers would be wrong without a word.
 *
 * @param own the network's; null after training on floats
 * @param images bytes, or something that is not normalised
 * @param given with this very call
 * @param said by the data
 *
 * @throws `MODEL_NORMALIZATION`
 */
export function chosenNormalization(
  own: Normalization | null | undefined,
  images: unknown,
  given: Normalization | undefined,
  said?: Normalization,
): Normalization | undefined {
  if (!(images instanceof Uint8Array) || given !== undefined) return given ?? said;
  if (own === null && said === undefined) {
    throw new CoreError(
      "MODEL_NORMALIZATION",
      "the network was trained on floats, so it does not say how bytes become numbers. Give floats, or a normalization.",
    );
  }
  if (own == null || said === undefined || isSameNormalization(own, said)) return said ?? own ?? undefined;
  throw new CoreError(
    "MODEL_NORMALIZATION",
    `the network was trained with ${normalizationText(own)}; the data says ${normalizationText(said)}. Leave it out of the ` +
      "data, or give evaluate the option normalization.",
  );
}
