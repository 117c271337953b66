import { readFileSync } from "node:fs";
import path from "node:path";
import test from "ava";
import { FakeOutput } from "../apps/trainer/test/fake_environment.ts";
import { play } from "../apps/trainer/test/sample_run.ts";
import { jsonReporter } from "../apps/trainer/src/progress/json_reporter.ts";
import { shownRun } from "../scripts/recorded_run.ts";
import { samples, unmeasured } from "../scripts/samples.ts";
import { terminalPicture } from "../scripts/terminal_picture.ts";

const root = path.join(import.meta.dirname, "..");

for (const { file, text } of samples()) {
  test(`${file} shows what the commands print of the results of the benchmarks`, (t) => {
    t.is(readFileSync(path.join(root, file), "utf8"), text, "pnpm samples brings it up to date");
  });
}

for (const benchmark of unmeasured()) {
  test.skip(`what is shown of pnpm bench ${benchmark} is compared once that has been run`, () => {});
}

test("a run is drawn from its events as a terminal showed it, without the bars", (t) => {
  const output = new FakeOutput();
  play(jsonReporter(output));
  const lines = shownRun(output.events);
  t.deepEqual(lines.slice(0, 3), [
    "Data      mnist: 12,800 training and 1,000 test images, 28 × 28 × 1, from",
    "          /data/mnist",
    "Network   seed-cnn: 102,130 parameters",
  ]);
  const table = lines.findIndex((line) => line.startsWith("epoch"));
  t.deepEqual(lines.slice(table, table + 4), [
    "epoch     loss     train  test loss      test  images/s     time",
    "  1/2    2.045   40.00 %      0.900   70.00 %     6,400    2.0 s",
    "  2/2    0.450   92.00 %      0.100   98.30 %    12,800    1.0 s",
    "",
  ]);
  t.true(lines.includes("Time      2 epochs, 400 steps in 3.5 s, 8,533 images/s"));
  t.is(lines.at(-1), "          pnpm trainer start --resume /home/me/runs/one --epochs 4");
  const picture = terminalPicture(lines);
  t.true(picture.includes(">  2/2    0.450   92.00 %"));
  t.notRegex(picture, /\p{Cc}(?<!\n)/u);
});
