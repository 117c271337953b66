import test from "ava";
import { tryGrammars } from "./fuzz/try_grammar.ts";
import { readerNames } from "./memory/readers.ts";

test("made-up files of each kind are read, or refused with a code, soon and in little memory", async (t) => {
  await tryGrammars(t, readerNames, 150);
});
