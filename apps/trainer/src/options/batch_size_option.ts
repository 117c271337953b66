import { wholeNumber } from "./number_option.ts";
import type { Option } from "./option.ts";

export const batchSize: Option<number> = {
  ...wholeNumber({ description: "images in a minibatch", initial: 64, least: 1, most: 2 ** 20 }),
  letter: "b",
};
