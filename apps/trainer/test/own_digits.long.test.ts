import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { seedCnn, sgd } from "@convoy/core";
import { loadMnist } from "@convoy/datasets";
import { fit } from "@convoy/parallel";
import test from "ava";
import { mostLikely } from "../src/evaluation/class_scores.ts";
import { fitPicture } from "../src/image/fit_picture.ts";
import { readPicture } from "../src/image/read_picture.ts";
import { kinds } from "./own_digits.ts";

const count = 40;

test("of forty digits drawn or photographed in any way, at least nine in ten are read right", async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), "convoy-digits-"));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const { train, test: others } = await loadMnist();
  const model = seedCnn();
  t.teardown(() => model.dispose());
  await fit(model, train, { epochs: 2, optimizer: sgd({ learningRate: 0.01, momentum: 0.9 }) });
  t.deepEqual(model.pictureFit, { fit: "ink", ground: "dark", size: 20, center: "mass" });
  const file = path.join(folder, "digit.png");
  for (const [kind, draw] of Object.entries(kinds)) {
    let right = 0;
    for (let i = 0; i < count; i++) {
      // oxlint-disable no-await-in-loop -- one picture after the other
      await writeFile(file, await draw(others.images.subarray(i * 784, (i + 1) * 784)));
      const { scaled } = await readPicture(file, "digit.png", 512);
      const probabilities = await model.predict(fitPicture(scaled, model.pictureFit!, [28, 28, 1]).input);
      // oxlint-enable no-await-in-loop
      if (mostLikely(probabilities) === others.labels[i]) right++;
    }
    t.log(`${kind}: ${right} of ${count}`);
    t.true(right >= 0.9 * count, `${kind}: ${right} of ${count}`);
  }
});
