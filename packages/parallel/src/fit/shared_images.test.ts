import { selection, type ImageStore } from "@convoy/core/training";
import test from "ava";
import { smallNetwork } from "../../test/small_network.ts";
import { fit } from "./fit.ts";
import { shareImages } from "./shared_images.ts";
import { trainableModel } from "./trainable_model.ts";

const model = await trainableModel(smallNetwork(), "planned");
/** Each image says which one it is. */
const images = new Uint8Array(50 * 64).map((_, i) => Math.floor(i / 64));
const labels = Array.from({ length: 50 }, (_, i) => i % 4);
const training = { images, labels, shape: [8, 8, 1] } as const;

/** The numbers of the images in each part. */
function divided(seed: number, validationSplit: number): { training: number[]; validation: number[] } {
  const parts = shareImages(model, { training, validation: undefined, test: undefined }, { seed, validationSplit });
  return { training: numbersOf(parts.training), validation: numbersOf(parts.validation!) };
}

function numbersOf({ words, wordsPerImage, labels: own }: ImageStore): number[] {
  return Array.from(own, (label, i) => {
    const number = words[i * wordsPerImage] & 255;
    return label === number % 4 ? number : Number.NaN;
  });
}

test("a split divides all images, each with its label, by seed and share", (t) => {
  const { training: rest, validation } = divided(7, 0.3);
  t.deepEqual(validation, [...selection(7, 50, 15).chosen]);
  t.deepEqual(
    [...rest, ...validation].toSorted((a, b) => a - b),
    [...Array(50).keys()],
  );
  t.notDeepEqual(divided(8, 0.3).validation, validation);
  t.deepEqual(divided(7, 0.3), { training: rest, validation });
});

test("without a split all images are trained on, where they are", (t) => {
  const data = { training, validation: undefined, test: training };
  const parts = shareImages(model, data, { seed: 1, validationSplit: undefined });
  t.is(parts.training, parts.all);
  t.is(parts.validation, undefined);
  t.is(parts.test?.count, 50);
});

test("a share is rounded to whole images", (t) => {
  for (const [share, count] of [
    [0.01, 1],
    [0.029, 1],
    [0.031, 2],
    [0.98, 49],
  ] as const) {
    t.is(divided(1, share).validation.length, count, String(share));
  }
});

test("a split that leaves nothing on one side is refused before training", async (t) => {
  const onEvent = ({ event }: { event: string }): void => t.fail(event);
  for (const [validationSplit, says] of [
    [0.009, /0\.009 keeps 0 of 50 training images.*a larger share\.$/],
    [0.991, /0\.991 keeps 50 of 50 training images.*a smaller share\.$/],
  ] as const) {
    const refused = { code: "VALIDATION_SPLIT", message: says };
    // oxlint-disable-next-line no-await-in-loop
    await t.throwsAsync(fit(smallNetwork(), training, { validationSplit, workers: 1, onEvent }), refused);
  }
});
