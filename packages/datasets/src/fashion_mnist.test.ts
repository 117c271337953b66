import { existsSync } from "node:fs";
import test from "ava";
import { FASHION_MNIST_FOLDER, loadFashionMnist } from "./fashion_mnist.ts";

if (existsSync(FASHION_MNIST_FOLDER)) {
  test("the Debian package holds all of Fashion-MNIST", async (t) => {
    const fashion = await loadFashionMnist();
    t.is(fashion.name, "fashion-mnist");
    t.true(fashion.verified);
    t.is(fashion.classNames[9], "Ankle boot");
    t.is(fashion.train.labels.length, 60_000);
    t.is(fashion.test.labels.length, 10_000);
    let sum = 0;
    let squares = 0;
    for (const pixel of fashion.train.images) {
      sum += pixel;
      squares += pixel * pixel;
    }
    const mean = sum / fashion.train.images.length;
    t.is((mean / 255).toFixed(6), "0.286041");
    t.is((Math.sqrt(squares / fashion.train.images.length - mean * mean) / 255).toFixed(6), "0.353024");
  });
} else {
  test.skip("the Debian package holds all of Fashion-MNIST (skipped: dataset-fashion-mnist is not installed)", (t) => {
    t.fail();
  });
  test("without the Debian package it says how to get it", async (t) => {
    const error = await t.throwsAsync(loadFashionMnist(), { code: "DATASET_NOT_FOUND" });
    t.regex(error.message, /apt-get install dataset-fashion-mnist/);
  });
}
