import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { loadIdxDataset } from "./idx_dataset.ts";
import { loadMnist } from "./mnist.ts";

const root = await mkdtemp(join(tmpdir(), "convoy-own-"));
test.after.always(() => rm(root, { recursive: true, force: true }));

function header(magic: number, ...sizes: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 + 4 * sizes.length);
  bytes.writeUInt32BE(magic, 0);
  for (const [i, size] of sizes.entries()) bytes.writeUInt32BE(size, 4 + 4 * i);
  return bytes;
}

async function folderOf(name: string, ...labels: readonly number[]): Promise<string> {
  const folder = join(root, name);
  await mkdir(folder);
  const images = Buffer.concat([header(0x803, labels.length, 2, 3), Buffer.alloc(labels.length * 6, 9)]);
  for (const part of ["train", "t10k"]) {
    await writeFile(join(folder, `${part}-images-idx3-ubyte`), images);
    const bytes = Buffer.concat([header(0x801, labels.length), Buffer.from(labels)]);
    await writeFile(join(folder, `${part}-labels-idx1-ubyte`), bytes);
  }
  return folder;
}

test("own data has the name of its folder, and the classes of its labels", async (t) => {
  const folder = await folderOf("letters", 0, 25, 3);
  const normalization = { mean: 0.1, deviation: 0.2 };
  const { name, classes, classNames, train, verified, source } = await loadIdxDataset(folder, { normalization });
  t.like({ name, classes, verified, source }, { name: "letters", classes: 26, verified: false, source: folder });
  t.is(classNames[25], "25");
  t.deepEqual(train.classNames, classNames);
  t.deepEqual(train.normalization, normalization);
});

test("it has at least two classes, and says no normalization that nobody gave", async (t) => {
  const { classes, train } = await loadIdxDataset(await folderOf("zeros", 0, 0));
  t.is(classes, 2);
  t.false("normalization" in train);
});

test("labels from 1 stay what they are where the names of their classes are given", async (t) => {
  const folder = await folderOf("from one", 1, 3, 2);
  const own = await loadIdxDataset(folder);
  t.deepEqual(own.classNames, ["1", "2", "3"]);
  for (const classNames of [own.classNames, ["ant", "bee", "cat"]]) {
    const named = await loadIdxDataset(folder, { classNames });
    t.deepEqual(named.classNames, classNames);
    t.deepEqual([...named.train.labels], [0, 2, 1]);
  }
  // A network may know classes of which a folder has none.
  const wider = await loadIdxDataset(folder, { classNames: ["1", "2", "3", "4"] });
  t.deepEqual([...wider.test.labels], [0, 2, 1]);
  // Names from 0 say that labels count from 0.
  const fromZero = await loadIdxDataset(folder, { classNames: ["0", "1", "2", "3"] });
  t.deepEqual([...fromZero.train.labels], [1, 3, 2]);
  const message = /the label 3; labels go from 1 to 2 in this data set/;
  await t.throwsAsync(loadIdxDataset(folder, { classNames: ["1", "2"] }), { code: "DATASET_LABEL", message });
  await t.throwsAsync(loadIdxDataset(folder, { classNames: ["0", "1", "2"] }), { code: "DATASET_LABEL" });
});

test("a folder with the files of a published set is that set", async (t) => {
  const { source } = await loadMnist();
  t.like(await loadIdxDataset(source), { name: "mnist", verified: true, classes: 10 });
});

test("what is missing or impossible is refused", async (t) => {
  await t.throwsAsync(loadIdxDataset(join(root, "absent")), { code: "DATASET_NOT_FOUND" });
  const normalization = { mean: 0, deviation: 0 };
  await t.throwsAsync(loadIdxDataset(root, { normalization }), { code: "DATASET_NORMALIZATION" });
});
