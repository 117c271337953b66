import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { loadModel } from "@convoy/core";
import test from "ava";
import { writeTinyDataset } from "./tiny_dataset.ts";

const execute = promisify(execFile);
const root = fileURLToPath(new URL("../../..", import.meta.url));
const page = path.join(root, "docs", "from-pytorch.md");

async function wholeProgram(): Promise<string> {
  const text = await readFile(page, "utf8");
  const programs = [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, program]) => program);
  if (programs.length !== 1) throw new Error(`${page} has ${programs.length} TypeScript programs; one was expected.`);
  return programs[0];
}

function replaced(program: string, from: string, to: string): string {
  if (!program.includes(from)) throw new Error(`${page} has a program without ${from}.`);
  return program.replace(from, to);
}

// Below apps/trainer, where Node and TypeScript find the packages as a user's program would.
const folder = await mkdtemp(path.join(root, "apps", "trainer", ".from-pytorch-"));
test.after.always(() => rm(folder, { recursive: true, force: true }));

test("the program of the page has right types", async (t) => {
  const file = path.join(folder, "typed.ts");
  await writeFile(file, await wholeProgram());
  const config = { extends: path.join(root, "tsconfig.test.json"), files: [file], include: [] };
  await writeFile(path.join(folder, "tsconfig.json"), JSON.stringify(config));
  const tsc = path.join(root, "node_modules", "typescript", "bin", "tsc");
  const { stdout } = await execute(process.execPath, [tsc, "-p", folder]).catch(output);
  // What the packages themselves have wrong is for the type check of the whole.
  t.deepEqual(
    stdout.split("\n").filter((line) => line.includes("typed.ts")),
    [],
  );
});

/** A type checker that found something exits with a code, which is how we get what it found. */
function output(error: unknown): { stdout: string } {
  if (error instanceof Error && "stdout" in error && typeof error.stdout === "string") return { stdout: error.stdout };
  throw error;
}

test("the program of the page trains, prints as the PyTorch program does, and saves", async (t) => {
  await writeTinyDataset(path.join(folder, "tiny"), { train: 1000, test: 50 });
  let program = replaced(await wholeProgram(), 'loadDataset("mnist")', 'loadDataset("mnist", { dataDir: "tiny" })');
  program = replaced(program, "batchSize: 64", "batchSize: 10");
  program = replaced(program, "epochs: 10", "epochs: 2");
  await writeFile(path.join(folder, "program.ts"), program);
  const { stdout } = await execute(process.execPath, ["program.ts"], { cwd: folder });
  t.regex(
    stdout,
    /^\[1, {3}100\] loss: 2\.\d{3}\n\[2, {3}100\] loss: \d\.\d{3}\nFinished Training\nAccuracy of the network on the 50 test images: \d+ %\n$/,
  );
  t.is((await loadModel(path.join(folder, "mnist_cnn.safetensors"))).parameterCount, 102_130);
});
