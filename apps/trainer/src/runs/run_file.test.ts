import { mkdir, mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { ownDigest } from "@convoy/core/training";
import test from "ava";
import { UsageError } from "../errors.ts";
import { decodeRunFile, encodeRunFile, readRunFile } from "./run_file.ts";

const record = {
  convoy: "0.1.0",
  settings: { dataset: "mnist", normalization: { mean: 0.1307, deviation: 0.3081 }, seed: 1 },
  machine: { processor: "größer ✓" },
  epochs: 2,
  steps: 1876,
  weightsSha256: "0123456789abcdef".repeat(4),
  result: { history: [{ loss: 1e-7 }] },
};
const bytes = encodeRunFile(record);

test("what is written comes back", (t) => {
  t.deepEqual(decodeRunFile(bytes, "run.json"), record);
});

test("the digest is the SHA-256 with zeros for its digits, as another program takes it", async (t) => {
  const text = new TextDecoder().decode(bytes);
  const { sha256 }: { sha256: string } = JSON.parse(text);
  const zeroed = new TextEncoder().encode(text.replace(sha256, "0".repeat(64)));
  t.is(Buffer.from(await crypto.subtle.digest("SHA-256", zeroed)).toString("hex"), sha256);
});

test("a file cut or changed anywhere is refused", (t) => {
  const refuse = (damaged: Uint8Array, what: string) =>
    t.throws(() => decodeRunFile(damaged, "run.json"), { instanceOf: UsageError, code: "RUN_FILE_DAMAGED" }, what);
  for (let length = 0; length < bytes.length; length++) refuse(bytes.subarray(0, length), `cut at ${length}`);
  for (let i = 0; i < 8 * bytes.length; i++) {
    const changed = bytes.slice();
    changed[i >> 3] ^= 1 << (i & 7);
    refuse(changed, `bit ${i}`);
  }
  refuse(Uint8Array.of(...bytes, 0x0a), "one byte more");
});

/** A file whose digest is right: made by a stranger, not by an accident. */
function forged(members: string): Uint8Array {
  const file = new TextEncoder().encode(`{\n  "sha256": "${"0".repeat(64)}"${members}`);
  file.set(new TextEncoder().encode(ownDigest(file, 15)), 15);
  return file;
}

const rest = new TextDecoder().decode(bytes).slice(15 + 65);
const strange: [string, string][] = [
  ["nothing else", "\n}\n"],
  ["no JSON", ",\n"],
  ["no line break at the end", rest.trimEnd()],
  ["a name that comes twice", rest.replace('"epochs": 2', '"epochs": 2,\n  "epochs": 2')],
  ["a number that is rounded", rest.replace("1876", "1876.00000000000000001")],
  ["a negative count", rest.replace("1876", "-1876")],
  ["half an epoch", rest.replace('"epochs": 2', '"epochs": 2.5')],
  ["settings that are a list", forgedSettings("[]")],
  ["the setting __proto__", forgedSettings('{\n    "__proto__": 1\n  }')],
  ["weights without a fingerprint", rest.replace("0123456789abcdef", "0123456789ABCDEF")],
  ["a hundred thousand lists in one another", forgedSettings("[".repeat(100_000) + "]".repeat(100_000))],
];

function forgedSettings(settings: string): string {
  return rest.replace(/"settings": \{.*?\n {2}\}/s, `"settings": ${settings}`);
}

test("the forger's own file is read", (t) => {
  t.deepEqual(decodeRunFile(forged(rest), "run.json"), record);
});

for (const [what, members] of strange) {
  test(`refuses ${what}: RUN_FILE_CONTENT`, (t) => {
    t.throws(() => decodeRunFile(forged(members), "run.json"), { instanceOf: UsageError, code: "RUN_FILE_CONTENT" });
  });
}

test("what is no file, is not there or is too large to be one is a coded error", async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), "convoy-run-file-"));
  t.teardown(() => rm(folder, { recursive: true }));
  await t.throwsAsync(readRunFile(folder), { instanceOf: UsageError, code: "RUN_FILE_READ", message: /ENOENT/ });
  await writeFile(path.join(folder, "run.json"), bytes);
  t.deepEqual(await readRunFile(folder), record);
  await truncate(path.join(folder, "run.json"), 2 ** 32);
  await t.throwsAsync(readRunFile(folder), { code: "RUN_FILE_READ", message: /at most 16777216 are read/ });
  await mkdir(path.join(folder, "a", "run.json"), { recursive: true });
  await t.throwsAsync(readRunFile(path.join(folder, "a")), { code: "RUN_FILE_READ", message: /no regular file/ });
});
