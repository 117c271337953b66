// Reads files as a reader does, each in a folder of its own, and prints as JSON what came of each and by how many MiB the most
// memory that was resident grew: in a process of its own, because nothing else tells how high it was in between.
//
// Usage: read_files.ts READER FILE…
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { isReader, readers } from "./readers.ts";
import { residentPeak } from "./resident_peak.ts";

const [name, ...files] = process.argv.slice(2);
if (!isReader(name)) throw new Error(`there is no reader ${name}`);
const { fileName, read } = await readers[name]();
const outcomes: string[] = [];
const before = residentPeak();
for (const given of files) {
  const folder = mkdtempSync(path.join(tmpdir(), "convoy-read-"));
  const file = path.join(folder, fileName);
  copyFileSync(given, file);
  // What one file leaves is not to be counted for the next.
  globalThis.gc?.();
  try {
    await read(file, folder);
    outcomes.push("read");
  } catch (error) {
    const isCoded = error instanceof Error && "code" in error && error.message.startsWith(`${String(error.code)}: `);
    if (!isCoded) throw error;
    outcomes.push(String(error.code));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
process.stdout.write(JSON.stringify({ outcomes, mebibytes: residentPeak() - before }));
