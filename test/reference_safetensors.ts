import { execFile } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { findPython } from "../benchmarks/src/peers/find_python.ts";
import type { NamedTensor } from "../packages/core/src/formats/safetensors/safetensors.ts";

/** A tensor as the reference implementation sees it. */
export interface ReferenceTensor {
  readonly name: string;
  /** NumPy's name of it. */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Its bytes in base64, so that each bit counts. */
  readonly data: string;
}

export interface ReferenceContent {
  readonly metadata: Readonly<Record<string, string>> | null;
  readonly tensors: readonly ReferenceTensor[];
}

type Files = Readonly<Record<string, ReferenceContent>>;

const script = fileURLToPath(new URL("reference_safetensors.py", import.meta.url));
const needed = ["numpy", "safetensors"];

/** The command of a Python with the reference implementation, if there is one: that of the benchmarks, else `python3`. */
export async function findReference(): Promise<string | undefined> {
  for (const environment of [process.env, { CONVOY_PEERS_PYTHON: "python3" }]) {
    const found = await findPython(environment);
    if ("command" in found && needed.every((name) => found.modules.includes(name))) return found.command;
  }
  return undefined;
}

/** What the reference implementation finds in each file. */
export async function readByReference(python: string, files: readonly string[]): Promise<Files> {
  const { stdout } = await promisify(execFile)(python, [script, "read", ...files], { maxBuffer: 2 ** 28 });
  const found: Files = JSON.parse(stdout);
  return found;
}

/** Has the reference implementation write each file. */
export async function writeByReference(python: string, files: Files): Promise<void> {
  const writing = promisify(execFile)(python, [script, "write"]);
  writing.child.stdin!.end(JSON.stringify(files));
  await writing;
}

/** Float32, in the form that the script reads and prints. */
export function asReference({ name, shape, data }: NamedTensor): ReferenceTensor {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return { name, dtype: "float32", shape, data: bytes.toString("base64") };
}

/** A file has no order of its tensors that would mean something. */
export function byName(tensors: readonly ReferenceTensor[]): ReferenceTensor[] {
  return tensors.toSorted((one, other) => (one.name < other.name ? -1 : 1));
}
