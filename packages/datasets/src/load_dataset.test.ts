import test from "ava";
import { DATASET_NAMES, loadDataset } from "./load_dataset.ts";

test("loads a data set by its name", async (t) => {
  const { name, classes } = await loadDataset("mnist");
  t.is(name, "mnist");
  t.is(classes, 10);
});

test("knows both data sets by name", async (t) => {
  t.deepEqual(DATASET_NAMES, ["mnist", "fashion-mnist"]);
  const error = await t.throwsAsync(loadDataset("fashion-mnist", { dataDir: "/no/such/folder" }), {
    code: "DATASET_NOT_FOUND",
  });
  t.regex(error.message, /\/no\/such\/folder.*dataset-fashion-mnist/);
});

test("lists the names when it does not know one", async (t) => {
  for (const name of ["minst", "", "constructor"]) {
    const error = await t.throwsAsync(loadDataset(name), { code: "DATASET_UNKNOWN" });
    t.is(error.message, `DATASET_UNKNOWN: there is no data set "${name}". Choose one of mnist, fashion-mnist.`);
  }
});
