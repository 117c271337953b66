import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { newestCheckpoint, writeCheckpoint } from "@convoy/core";
import test from "ava";
import { FakeEnvironment } from "../../test/fake_environment.ts";
import { writeTinyDataset } from "../../test/tiny_dataset.ts";
import { run } from "../run.ts";

const folder = await mkdtemp(path.join(tmpdir(), "convoy-verify-"));
test.before(() => writeTinyDataset(path.join(folder, "tiny")));
test.after.always(() => rm(folder, { recursive: true, force: true }));

async function trainer(command: string) {
  const environment = new FakeEnvironment(folder);
  const exitCode = await run(command.split(" "), environment);
  return { exitCode, out: environment.stdout.text, error: environment.stderr.text };
}

test("comes to the same bits with another number of workers, and notices one that is another", async (t) => {
  const start = "start --data-dir tiny --batch-size 8 --shards 4 --kernels narrow --workers 1 --epochs 2 --quiet";
  await trainer(`${start} --run-dir run --checkpoint-every 10steps --keep 3`);
  const place = path.join(folder, "run", "checkpoints");
  const files = await readdir(place);
  const good = await trainer("verify run --workers 3");
  t.is(good.exitCode, 0, good.error);
  t.regex(good.out, /^The same bits: \d+ steps from step \d+ with 3 workers\nSHA-256 +[0-9a-f]{64}\n$/);
  t.deepEqual(await readdir(place), files);

  const { checkpoint } = (await newestCheckpoint(place)).newest!;
  t.is(checkpoint.step, 50);
  checkpoint.optimizerState[0][7] += 2 ** -20;
  await writeCheckpoint(place, checkpoint, { keep: 3 });
  const bad = await trainer("verify run");
  t.is(bad.exitCode, 1);
  t.regex(bad.error, /^VERIFY_DIFFERENT: \d+ steps from step \d+ with 1 worker gave other bits[^\n]+\n$/);

  await trainer(`${start} --run-dir single --keep 1`);
  const single = await trainer("verify single");
  t.is(single.exitCode, 2);
  t.regex(single.error, /^VERIFY_CHECKPOINTS: single keeps 1 of the two/);
});
