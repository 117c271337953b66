import { execFile } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { ExecutionContext } from "ava";
import type { ReaderName } from "../memory/readers.ts";

const program = fileURLToPath(new URL("grammar/read_grammar.ts", import.meta.url));

/** To repeat a failure: the seed that it printed. */
const givenSeed = process.env["CONVOY_FUZZ_SEED"];

/** MiB, Node's own 60 included: files of some kilobytes are read one after the other. */
const most = 400;

interface Result {
  readonly all: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly mebibytes: number;
}

/** Has readers read so many files each that its grammar makes up: right, or refused with a code, soon and in little memory. */
export async function tryGrammars(t: ExecutionContext, names: readonly ReaderName[], numRuns: number): Promise<void> {
  const seed = givenSeed ?? String(Date.now() % 2 ** 31);
  t.log(`CONVOY_FUZZ_SEED=${seed}`);
  const { stdout } = await promisify(execFile)(process.execPath, [program, String(numRuns), seed, ...names]);
  const { all, mebibytes }: Result = JSON.parse(stdout);
  t.deepEqual(Object.keys(all), names);
  for (const [name, counts] of Object.entries(all)) {
    t.log(`${name}: ${JSON.stringify(counts)}`);
    // Where next to nothing is read, the grammar tries nothing behind the first check.
    t.true((counts["read"] ?? 0) >= numRuns / 150, name);
  }
  t.log(`at most ${Math.round(mebibytes)} MiB`);
  t.true(mebibytes < most);
}
