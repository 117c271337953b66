import { shown } from "../printable.ts";
import { CoreError } from "../../errors.ts";

/**
 * How a picture of any size becomes an image of the network's input: as the images lie that it was trained on.
 *
 * - `ink`: what is drawn is cut out, made `size` long on its longer side, and laid with its center on that of the input,
 *   as MNIST was made. Contrast is drawn out, so that shaded paper becomes the ground.
 * - `contain`: the whole picture, in its proportions; the ground is beside it.
 * - `cover`: the middle of the picture, in its proportions, as large as fills the input.
 * - `stretch`: the whole picture, its proportions given up.
 */
export interface PictureFit {
  readonly fit: "ink" | "contain" | "cover" | "stretch";
  /**
   * The shade around what the images show, if they have one: a grey picture with the other one is inverted. Transparent parts
   * and what lies beside the picture get it; white without one.
   */
  readonly ground?: "dark" | "light";
  /** Of ink: pixels of its longer side. */
  readonly size?: number;
  /** Of ink: which of its points lies in the middle: its center of mass, or that of its box. */
  readonly center?: "mass" | "box";
}

const fits: ReadonlySet<unknown> = new Set(["ink", "contain", "cover", "stretch"]);

/**
 * A copy with nothing else in it.
 *
 * @param longest pixels of the longer side of the input
 *
 * @throws `MODEL_OPTION` for what is no such thing
 */
export function checkedPictureFit(value: unknown, longest: number): PictureFit {
  const given: Partial<Record<keyof PictureFit, unknown>> = typeof value === "object" && value !== null ? value : {};
  const { fit, ground, size, center } = given;
  const isInk = fit === "ink";
  const fine =
    fits.has(fit) &&
    (ground === "dark" || ground === "light" || (ground === undefined && !isInk)) &&
    (isInk ? typeof size === "number" && Number.isInteger(size) && size >= 1 && size <= longest : size === undefined) &&
    (isInk ? center === "mass" || center === "box" : center === undefined);
  if (fine) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- judged above, member by member
    return JSON.parse(JSON.stringify({ fit, ground, size, center })) as PictureFit;
  }
  throw new CoreError(
    "MODEL_OPTION",
    `pictureFit must be { fit: "contain", "cover" or "stretch", ground: "dark", "light" or nothing }, or ` +
      `{ fit: "ink", ground: "dark" or "light", size: 1 to ${longest}, center: "mass" or "box" }; ` +
      `got ${shown(value)}.`,
  );
}
