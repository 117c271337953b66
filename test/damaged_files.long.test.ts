import test from "ava";
import { fuzzedFiles, removeFolder } from "./fuzz/damaged_files.ts";
import { tryDamage } from "./fuzz/try_damage.ts";

test.after.always(removeFolder);

for (const file of fuzzedFiles) {
  test.serial(`${file.what}, damaged in ten thousand ways, is never read as something else`, async (t) => {
    await tryDamage(t, file, 10_000);
  });
}
