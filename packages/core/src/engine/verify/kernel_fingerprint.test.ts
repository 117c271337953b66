import { execFile } from "node:child_process";
import { cp, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import test from "ava";
import { kernelFingerprint } from "./kernel_fingerprint.ts";

const execute = promisify(execFile);
const core = fileURLToPath(new URL("../../..", import.meta.url));

/** The fingerprint of a copy of this package, in which `change` changed something. */
async function fingerprintOf(change: (copy: string) => Promise<void>): Promise<string> {
  const copy = await mkdtemp(path.join(tmpdir(), "convoy-fingerprint-"));
  try {
    for (const folder of ["src/engine/emit", "src/engine/step", "src/engine/verify", "generated"]) {
      await cp(path.join(core, folder), path.join(copy, folder), { recursive: true });
    }
    await cp(path.join(core, "package.json"), path.join(copy, "package.json"));
    await symlink(path.join(core, "node_modules"), path.join(copy, "node_modules"), "junction");
    await change(copy);
    const file = pathToFileURL(path.join(copy, "src/engine/verify/kernel_fingerprint.ts"));
    const program = `import { kernelFingerprint } from "${file.href}"; process.stdout.write(kernelFingerprint());`;
    const { stdout } = await execute(process.execPath, ["--input-type=module", "-e", program]);
    return stdout;
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

test("is the same for the same kernels, wherever they lie", async (t) => {
  t.regex(kernelFingerprint(), /^[0-9a-f]{64}$/);
  t.is(await fingerprintOf(async () => {}), kernelFingerprint());
});

test("tests are no part of it", async (t) => {
  t.is(
    await fingerprintOf((copy) => writeFile(path.join(copy, "src/engine/emit/tiles/tiling.test.ts"), "//")),
    kernelFingerprint(),
  );
});

for (const file of [
  "src/engine/emit/tiles/tiling.ts",
  "src/engine/step/blocks.ts",
  "src/engine/verify/differences.ts",
  "generated/kernels.js",
]) {
  test(`changes with ${file}`, async (t) => {
    t.not(await fingerprintOf((copy) => writeFile(path.join(copy, file), "//")), kernelFingerprint());
  });
}
