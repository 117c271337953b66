import { execFile } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import test from "ava";
import { networks } from "../../index.ts";
import { createReplica } from "../step/create_replica.ts";
import { stepModule } from "../step/step_module.ts";
import { kernelIdentity, stepIdentity } from "./kernel_identity.ts";

const execute = promisify(execFile);
const core = fileURLToPath(new URL("../../..", import.meta.url));
const seed = networks["seed-cnn"]().toJSON();

/** The identity of the seed network's step in a copy of this package, in which `change` changed something. */
async function identityIn(change: (copy: string) => Promise<void>): Promise<string> {
  const copy = await mkdtemp(path.join(tmpdir(), "convoy-identity-"));
  try {
    for (const folder of ["src", "generated", "package.json"]) {
      await cp(path.join(core, folder), path.join(copy, folder), { recursive: true });
    }
    await symlink(path.join(core, "node_modules"), path.join(copy, "node_modules"), "junction");
    await change(copy);
    const file = pathToFileURL(path.join(copy, "src/engine/verify/kernel_identity.ts"));
    const program =
      `import { stepIdentity } from "${file.href}"; ` +
      `process.stdout.write(stepIdentity(${JSON.stringify(seed)}, "narrow"));`;
    const { stdout } = await execute(process.execPath, ["--input-type=module", "-e", program]);
    return stdout;
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

async function rewrite(file: string, change: (text: string) => string): Promise<void> {
  const text = await readFile(file, "utf8");
  const changed = change(text);
  if (changed === text) throw new Error(`${file} has nothing to change`);
  await writeFile(file, changed);
}

test("a comment in every file of the engine changes nothing", async (t) => {
  const identity = await identityIn(async (copy) => {
    const folder = path.join(copy, "src", "engine");
    const names = await readdir(folder, { recursive: true });
    const files = names.filter((name) => name.endsWith(".ts"));
    t.true(files.length > 100);
    await Promise.all(files.map((name) => rewrite(path.join(folder, name), (text) => `// Another word.\n${text}`)));
  });
  t.is(identity, stepIdentity(seed, "narrow"));
});

for (const [what, file, change] of [
  [
    "an emitter that emits something else",
    "src/engine/emit/module/code.ts",
    (text: string) => text.replace("append(this.#body).byte(0x0b)", "append(this.#body).byte(0x01).byte(0x0b)"),
  ],
  [
    "other kernels that were compiled ahead",
    "generated/kernels.js",
    (text: string) => text.replace("AGFzbQEAAAAB", "AGFzbQEAAAAC"),
  ],
  [
    "another order",
    "src/engine/verify/kernel_identity.ts",
    (text: string) => text.replace("const order = 1", "const order = 2"),
  ],
] as const) {
  test(`${what} changes it`, async (t) => {
    t.not(await identityIn((copy) => rewrite(path.join(copy, file), change)), stepIdentity(seed, "narrow"));
  });
}

test("networks and variants differ, and initial weights do not count", (t) => {
  const identities = Object.values(networks).flatMap((network) =>
    (["narrow", "wide"] as const).map((kernels) => stepIdentity(network().toJSON(), kernels)),
  );
  t.is(new Set(identities).size, identities.length);
  t.is(stepIdentity(networks["seed-cnn"]({ seed: 9 }).toJSON(), "wide"), stepIdentity(seed, "wide"));
  t.regex(kernelIdentity(), /^[0-9a-f]{64}$/);
});

test.serial("it is the module that a replica links, for any number of images", async (t) => {
  const { Module } = WebAssembly;
  const compiled: Uint8Array[] = [];
  class Seen extends Module {
    constructor(bytes: Uint8Array<ArrayBuffer>) {
      super(bytes);
      compiled.push(Uint8Array.from(bytes));
    }
  }
  for (const kernels of ["narrow", "wide"] as const) {
    for (const network of Object.values(networks)) {
      const spec = { kind: "planned", model: network().toJSON(), kernels } as const;
      const module = stepModule(spec);
      for (const capacity of [1, 37]) {
        compiled.length = 0;
        Object.assign(WebAssembly, { Module: Seen });
        const replica = await createReplica(spec, capacity);
        Object.assign(WebAssembly, { Module });
        replica.dispose();
        t.true(
          compiled.some((bytes) => Buffer.from(bytes).equals(module)),
          `${kernels}, ${capacity} images`,
        );
      }
    }
  }
});
