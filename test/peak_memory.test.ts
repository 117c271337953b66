import test from "ava";
import { readerNames } from "./memory/readers.ts";
import { staySmall } from "./memory/stays_small.ts";

for (const reader of readerNames) {
  test.serial(
    `a stranger's file of six megabytes that is read as ${reader} takes no more than twice its size`,
    async (t) => {
      await staySmall(t, reader, 6 * 2 ** 20);
    },
  );
}
