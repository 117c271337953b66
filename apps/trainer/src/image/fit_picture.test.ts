import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { PictureFit } from "@convoy/core";
import { loadMnist } from "@convoy/datasets";
import test from "ava";
import { kinds } from "../../test/own_digits.ts";
import { fitPicture } from "./fit_picture.ts";
import { readPicture, type RgbaPicture } from "./read_picture.ts";

const folder = await mkdtemp(path.join(tmpdir(), "convoy-fit-"));
test.after.always(() => rm(folder, { recursive: true, force: true }));

const ink: PictureFit = { fit: "ink", ground: "dark", size: 20, center: "mass" };
/** Loaded once, when the first test needs it. */
let loading: Promise<Uint8Array> | undefined;
const digits = (): Promise<Uint8Array> => (loading ??= loadMnist().then(({ test: { images } }) => images));

for (const [kind, draw] of Object.entries(kinds)) {
  test(`a digit comes back to what it was: ${kind}`, async (t) => {
    const images = await digits();
    for (const index of [0, 1, 2, 4, 7]) {
      const digit = images.subarray(index * 784, (index + 1) * 784);
      const file = path.join(folder, `${kind}-${index}.png`);
      // oxlint-disable-next-line no-await-in-loop -- one after the other takes less memory
      await writeFile(file, await draw(digit));
      // oxlint-disable-next-line no-await-in-loop
      const { scaled } = await readPicture(file, "digit.png", 512);
      const { input, isEmpty } = fitPicture(scaled, ink, [28, 28, 1]);
      t.false(isEmpty);
      // A pixel aside, which rounding can do, is 0.4 to 0.9; a digit that lies elsewhere, more than 1.
      const difference = digit.reduce((sum, pixel, i) => sum + Math.abs(pixel - input[i]), 0);
      const all = digit.reduce((sum, pixel) => sum + pixel, 0);
      t.true(difference / all < (kind === "same" ? 0.1 : 1), `${index}: ${(difference / all).toFixed(3)}`);
    }
  });
}

const grey = (width: number, values: readonly number[], opacity: readonly number[] = []): RgbaPicture => ({
  width,
  height: values.length / width,
  rgba: Uint8Array.from(values.flatMap((value, i) => [value, value, value, opacity[i] ?? 255])),
});
const fit = (picture: RgbaPicture, how: PictureFit, shape: readonly [number, number, number]) => {
  const { input, inverted } = fitPicture(picture, how, shape);
  return { input: [...input], inverted };
};

test("an empty sheet is told, and is the ground", (t) => {
  for (const value of [0, 130, 255]) {
    const { input, isEmpty } = fitPicture(grey(20, Array<number>(400).fill(value)), ink, [28, 28, 1]);
    t.true(isEmpty);
    t.true(input.every((pixel) => pixel === 0));
  }
});

test("ink is drawn dark where the network learned it so", (t) => {
  const bar = Array.from({ length: 900 }, (_, i) => (i % 30 >= 12 && i % 30 < 16 && i >= 150 && i < 750 ? 250 : 5));
  const { input, inverted } = fit(grey(30, bar), { ...ink, ground: "light" }, [28, 28, 1]);
  t.true(inverted);
  t.is(input[0], 255);
  t.is(input[14 * 28 + 14], 0);
});

test("a picture on the other ground is inverted, and the rest is the ground", (t) => {
  const how = { fit: "contain", ground: "dark" } as const;
  const cross = [255, 255, 255, 255, 0, 255, 255, 255, 255];
  t.deepEqual(fit(grey(3, cross), how, [3, 3, 1]), { input: [0, 0, 0, 0, 255, 0, 0, 0, 0], inverted: true });
  const light = { fit: "contain", ground: "light" } as const;
  t.deepEqual(fit(grey(3, cross), light, [3, 3, 1]), { input: cross, inverted: false });
  t.deepEqual(fit(grey(1, [51, 51]), how, [4, 4, 1]).input, [0, 51, 51, 0, 0, 51, 51, 0, 0, 51, 51, 0, 0, 51, 51, 0]);
});

test("without a ground nothing is inverted, and white is beside it", (t) => {
  const wide = grey(2, [200, 100]);
  t.deepEqual(fit(wide, { fit: "contain" }, [2, 2, 1]).input, [200, 100, 255, 255]);
  t.deepEqual(fit(wide, { fit: "stretch" }, [2, 2, 1]).input, [200, 100, 200, 100]);
  t.deepEqual(fit(grey(3, [9, 120, 7]), { fit: "cover" }, [1, 1, 1]).input, [120]);
});

test("a network of three channels gets red, green and blue, on white where they are transparent", (t) => {
  const rgba = Uint8Array.of(255, 0, 10, 255, 0, 100, 200, 0);
  const { input } = fit({ width: 2, height: 1, rgba }, { fit: "stretch" }, [1, 2, 3]);
  t.deepEqual(input, [255, 0, 10, 255, 255, 255]);
  t.deepEqual(
    fit({ width: 2, height: 1, rgba }, { fit: "stretch", ground: "dark" }, [1, 2, 3]).input.slice(3),
    [0, 0, 0],
  );
});

test("shares a pixel between the two that cover it", (t) => {
  // Three pixels on two: each new one covers one and a half.
  t.deepEqual(fit(grey(3, [240, 120, 0]), { fit: "stretch" }, [1, 2, 1]).input, [200, 40]);
});

test("puts black behind a light transparent drawing, and white behind a dark one", (t) => {
  const how = { fit: "contain", ground: "dark" } as const;
  for (const value of [250, 5]) {
    const drawing = grey(3, Array<number>(9).fill(value), [0, 0, 0, 0, 255, 0, 0, 0, 0]);
    t.deepEqual(fit(drawing, how, [3, 3, 1]).input, [0, 0, 0, 0, 250, 0, 0, 0, 0]);
  }
});
