// Makes up files by the grammars of readers and has them read, in a process of its own. Prints as JSON how many each has read
// and refused, and the most memory that was resident; a failure goes to standard error, with its seed.
//
// Usage: read_grammar.ts RUNS SEED READER…
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import fc from "fast-check";
import { residentPeak } from "../../memory/resident_peak.ts";
import { isReader, type ReaderName, readers } from "../../memory/readers.ts";
import { grammars } from "./grammars.ts";

/** Milliseconds for one file of some kilobytes, on a machine that does other things too. */
const patience = 20_000;

type Counts = Record<string, number>;

const [numRuns, seed, ...names] = process.argv.slice(2);
const root = mkdtempSync(path.join(tmpdir(), "convoy-grammar-"));
const folder = path.join(root, "folder");

async function tryReader(name: ReaderName): Promise<Counts> {
  const { fileName, read } = await readers[name]();
  const { files, errors, holds } = grammars[name];
  const counts: Counts = {};
  const property = fc.asyncProperty(files, async (bytes) => {
    mkdirSync(folder);
    const file = path.join(folder, fileName);
    writeFileSync(file, bytes);
    const start = performance.now();
    let outcome = "read";
    try {
      await read(file, folder);
      if (holds !== undefined) assert.ok(holds(bytes, readFileSync(file)), "what must hold of a file that was read");
    } catch (error) {
      if (!(error instanceof Error && error.name === errors && "code" in error)) throw error;
      assert.match(String(error.code), /^[A-Z]+(_[A-Z]+)+$/);
      assert.ok(error.message.startsWith(`${String(error.code)}: `), error.message);
      assert.ok(error.message.length < 1500, "a short message");
      outcome = String(error.code);
    } finally {
      rmSync(folder, { recursive: true });
    }
    counts[outcome] = (counts[outcome] ?? 0) + 1;
    assert.ok(performance.now() - start < patience, "soon");
  });
  await fc.assert(property, { numRuns: Number(numRuns), seed: Number(seed), includeErrorInReport: true });
  return counts;
}

try {
  const all: Record<string, Counts> = {};
  for (const name of names.filter(isReader)) all[name] = await tryReader(name);
  process.stdout.write(JSON.stringify({ all, mebibytes: residentPeak() }));
} finally {
  rmSync(root, { recursive: true });
}
