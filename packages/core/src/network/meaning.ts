import { checkedNormalization, type Normalization } from "./data/normalization.ts";
import { checkedPictureFit, type PictureFit } from "./data/picture_fit.ts";
import type { ImageShape } from "./layers/shape.ts";
import { checkedClassNames } from "./class_names.ts";

/**
 * What a network's numbers mean: how bytes and pictures become its input, and what its answers are called. `fit` takes it
 * from the data, the file keeps it, and `predict` and `evaluate` go by it.
 */
export interface Meaning {
  /**
   * Bytes become (byte / 255 - mean) / deviation. `null` after training on floats: then nobody knows what bytes would be.
   * Where nothing is said, 0.5 and 0.5 are assumed.
   */
  readonly normalization?: Normalization | null | undefined;
  /** One a class. */
  readonly classNames?: readonly string[] | undefined;
  /** How a picture of any size becomes an image of the input. */
  readonly pictureFit?: PictureFit | undefined;
}

/**
 * What is known of a network, and what is said of it now. `undefined` takes back. The result has no names without a value, so
 * that two networks that say the same have the same JSON.
 *
 * @throws `MODEL_OPTION` when something is said that cannot be
 */
export function withMeaning(
  known: Meaning,
  said: Meaning,
  { inputShape, classes }: { readonly inputShape: ImageShape; readonly classes: number },
): Meaning {
  const { normalization, classNames, pictureFit } = said;
  const [height, width] = inputShape;
  const checked: Meaning = {
    normalization: normalization == null ? normalization : checkedNormalization(normalization, "MODEL_OPTION"),
    classNames: classNames === undefined ? undefined : checkedClassNames(classNames, classes),
    pictureFit: pictureFit === undefined ? undefined : checkedPictureFit(pictureFit, Math.max(height, width)),
  };
  const news = Object.entries(checked).filter(([name]) => Object.hasOwn(said, name));
  const entries = [...new Map([...Object.entries(known), ...news])].filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries);
}
