import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { DatasetError } from "./errors.ts";
import { loadPublished, type PublishedDataset } from "./published_dataset.ts";

const folder = await mkdtemp(join(tmpdir(), "convoy-published-"));
test.after.always(() => rm(folder, { recursive: true, force: true }));

const image = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 10, 20);
const label = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 1, 1);
const md5 = (bytes: Uint8Array): string => createHash("md5").update(bytes).digest("hex");

test.before(async () => {
  await Promise.all([
    writeFile(join(folder, "train-images-idx3-ubyte"), image),
    writeFile(join(folder, "train-labels-idx1-ubyte"), label),
    writeFile(join(folder, "t10k-images-idx3-ubyte"), image),
    writeFile(join(folder, "t10k-labels-idx1-ubyte"), label),
  ]);
});

const published: PublishedDataset = {
  name: "two-pixels",
  classNames: ["dark", "bright"],
  checksums: {
    "train-images": md5(image),
    "train-labels": md5(label),
    "t10k-images": md5(image),
    "t10k-labels": md5(label),
  },
  defaultFolder: () => folder,
  advice: "Paint it again.",
};
const repainted: PublishedDataset = { ...published, checksums: { ...published.checksums, "t10k-labels": md5(image) } };

test("verifies the published files, given or found", async (t) => {
  t.true((await loadPublished(published, {})).verified);
  t.true((await loadPublished(published, { dataDir: folder })).verified);
});

test("refuses a copy that it found itself when one checksum is wrong", async (t) => {
  const error = await t.throwsAsync(loadPublished(repainted, {}), {
    instanceOf: DatasetError,
    code: "DATASET_CHECKSUM",
  });
  const file = join(folder, "t10k-labels-idx1-ubyte");
  t.is(
    error.message,
    `DATASET_CHECKSUM: ${file}: the MD5 sum is not that of the published two-pixels. Paint it again.`,
  );
});

test("takes the same copy when the user gives it, unverified", async (t) => {
  const { verified, source, classes } = await loadPublished(repainted, { dataDir: folder });
  t.false(verified);
  t.is(source, folder);
  t.is(classes, 2);
});
