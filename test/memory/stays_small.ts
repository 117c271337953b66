import type { ExecutionContext } from "ava";
import { hostileFiles } from "./hostile_files.ts";
import { type HostileFile, readInProcess } from "./peak_memory.ts";
import type { ReaderName } from "./readers.ts";

/** MiB that a file may take besides: for the contents of a header, for code that is compiled, for garbage. */
const besides = 64;

/** A heap that many files were read into one after the other has holes. */
const holes = 32;

/** Files of so many bytes are read within twice that, whatever they make of their readers: all in one process. */
export async function staySmall(t: ExecutionContext, reader: ReaderName, size: number): Promise<void> {
  await readWithin(t, reader, hostileFiles(reader, size), besides + holes);
}

/** The same, each in a process of its own. */
export async function eachStaysSmall(t: ExecutionContext, reader: ReaderName, size: number): Promise<void> {
  for (const file of hostileFiles(reader, size)) await readWithin(t, reader, [file], besides);
}

async function readWithin(
  t: ExecutionContext,
  reader: ReaderName,
  files: readonly HostileFile[],
  more: number,
): Promise<void> {
  const { outcomes, mebibytes } = await readInProcess(reader, files);
  for (const [i, { what, bytes }] of files.entries()) t.log(`${what}, ${bytes.length} bytes: ${outcomes[i]}`);
  const largest = Math.max(...files.map(({ size }) => size)) / 2 ** 20;
  t.log(`${Math.round(mebibytes)} MiB more than before; the largest file has ${largest.toFixed(1)} MiB`);
  t.true(mebibytes < 2 * largest + more, `${mebibytes} MiB`);
}
