import test from "ava";
import { fuzzedFiles, removeFolder } from "./fuzz/damaged_files.ts";
import { tryDamage } from "./fuzz/try_damage.ts";

test.after.always(removeFolder);

for (const file of fuzzedFiles) {
  test.serial(
    `${file.what}, damaged in any way, is refused with a code or found damaged, and never read as something else`,
    async (t) => {
      await tryDamage(t, file, 100);
    },
  );
}
