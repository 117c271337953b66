import test from "ava";
import { readerNames } from "./memory/readers.ts";
import { eachStaysSmall } from "./memory/stays_small.ts";

for (const reader of readerNames) {
  test.serial(
    `a stranger's file of sixty megabytes that is read as ${reader} takes no more than twice its size`,
    async (t) => {
      await eachStaysSmall(t, reader, 60 * 2 ** 20);
    },
  );
}
