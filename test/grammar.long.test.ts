import test from "ava";
import { tryGrammars } from "./fuzz/try_grammar.ts";
import { readerNames } from "./memory/readers.ts";

for (const reader of readerNames) {
  test.serial(
    `of twenty thousand made-up files, each that is read as ${reader} is read, or refused with a code`,
    async (t) => {
      await tryGrammars(t, [reader], 20_000);
    },
  );
}
