import { execFileSync } from "node:child_process";
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import test from "ava";
import { networkStructure, seedCnn } from "@convoy/core/training";
import { machineKey, networkKey, type MachineKey } from "./machine_key.ts";
import { VerdictCache } from "./verdict_cache.ts";

const root = await mkdtemp(path.join(tmpdir(), "convoy-verdicts-"));
test.after.always(() => rm(root, { recursive: true, force: true }));

const key = machineKey();
const no = { wide: false, reason: "the processor is from 1999" } as const;
let folders = 0;
const fresh = (): string => path.join(root, `${folders++}`, "convoy");

test("knows nothing at first, and then what it was told", async (t) => {
  const folder = fresh();
  t.is(await new VerdictCache(folder, key).read(), undefined);
  t.deepEqual(await new VerdictCache(folder, key).keep(no), no);
  t.deepEqual(await new VerdictCache(folder, key).read(), no);
});

test("keeps the first verdict, so that starts side by side go on alike", async (t) => {
  const cache = new VerdictCache(fresh(), key);
  await cache.keep(no);
  t.deepEqual(await cache.keep({ wide: true }), no);
});

for (const name of Object.keys(key)) {
  test(`holds for the same ${name} alone`, async (t) => {
    const folder = fresh();
    await new VerdictCache(folder, key).keep({ wide: true });
    const other: MachineKey = { ...key, [name]: "another" };
    t.is(await new VerdictCache(folder, other).read(), undefined);
  });
}

test("holds for the same network alone, and not for the machine", async (t) => {
  const folder = fresh();
  const mine = networkKey(key, networkStructure(seedCnn().toJSON()));
  await new VerdictCache(folder, mine).keep(no);
  t.deepEqual(await new VerdictCache(folder, mine).read(), no);
  const other = networkKey(key, networkStructure(seedCnn({ classes: 11 }).toJSON()));
  t.is(await new VerdictCache(folder, other).read(), undefined);
  t.is(await new VerdictCache(folder, key).read(), undefined);
  t.is(await new VerdictCache(folder, { ...mine, v8: "another" }).read(), undefined);
});

test("takes no verdict from a file that belongs to another key", async (t) => {
  const folder = fresh();
  const mine = new VerdictCache(folder, key);
  const other = new VerdictCache(folder, { ...key, v8: "another" });
  await other.keep({ wide: true });
  await writeFile(mine.file!, await readFile(other.file!));
  t.is(await mine.read(), undefined);
});

for (const text of [
  "",
  "{",
  "null",
  "[]",
  '{"wide":true}',
  '{"key":{},"verdict":{"wide":true}}',
  "\u0000".repeat(4096),
]) {
  test(`takes ${JSON.stringify(text.slice(0, 40))} for no verdict, and mends it`, async (t) => {
    const cache = new VerdictCache(fresh(), key);
    await mkdir(path.dirname(cache.file!), { recursive: true });
    await writeFile(cache.file!, text);
    t.is(await cache.read(), undefined);
    await cache.keep(no);
    t.deepEqual(await cache.read(), no);
  });
}

test("a file that was cut off anywhere is no verdict", async (t) => {
  const cache = new VerdictCache(fresh(), key);
  await cache.keep(no);
  const whole = await readFile(cache.file!);
  for (let length = 0; length < whole.length - 1; length++) {
    await writeFile(cache.file!, whole.subarray(0, length));
    t.is(await cache.read(), undefined, `${length} bytes`);
  }
});

test("many writers and readers see a whole verdict or none, and leave one file", async (t) => {
  const folder = fresh();
  const seen = await Promise.all(
    Array.from({ length: 40 }, async (_, i) => {
      const cache = new VerdictCache(folder, key);
      if (i % 2 === 0) await cache.keep(no);
      return cache.read();
    }),
  );
  for (const verdict of seen) t.true(verdict === undefined || JSON.stringify(verdict) === JSON.stringify(no));
  t.deepEqual(await new VerdictCache(folder, key).read(), no);
  t.is((await readdir(folder)).length, 1);
});

test("does without a folder, and without one that can be written", async (t) => {
  t.deepEqual(await new VerdictCache(undefined, key).keep(no), no);
  t.is(await new VerdictCache(undefined, key).read(), undefined);
  // A file where the folder should be; nobody can write below it, not even root.
  const blocked = path.join(root, "blocked");
  await writeFile(blocked, "");
  const cache = new VerdictCache(path.join(blocked, "convoy"), key);
  t.deepEqual(await cache.keep({ wide: true }), { wide: true });
  t.is(await cache.read(), undefined);
});

const asUser = process.platform === "win32" || process.getuid?.() === 0 ? test.skip : test;
asUser(
  "does without a folder that is read-only (skipped for root and on Windows, whom no folder refuses)",
  async (t) => {
    const folder = fresh();
    await mkdir(folder, { recursive: true });
    await chmod(folder, 0o555);
    t.deepEqual(await new VerdictCache(folder, key).keep(no), no);
    t.deepEqual(await readdir(folder), []);
  },
);

/** What someone else may put in the verdict's place; each way needs a system with owners and modes. */
const strange: Readonly<Record<string, (file: string) => Promise<unknown>>> = {
  "a named pipe": async (file) => {
    await rm(file);
    execFileSync("mkfifo", [file]);
  },
  "a symbolic link": async (file) => {
    await rename(file, `${file}.elsewhere`);
    await symlink(`${file}.elsewhere`, file);
  },
  "a folder": async (file) => {
    await rm(file);
    await mkdir(file);
  },
  "a file that others may write": (file) => chmod(file, 0o666),
  "a file of another user": (file) => chown(file, 12_345, 12_345),
};

for (const [what, put] of Object.entries(strange)) {
  const isPossible = process.platform !== "win32" && (what !== "a file of another user" || process.getuid?.() === 0);
  (isPossible ? test : test.skip)(
    `${what} is no verdict, and is not waited for (skipped on Windows, and where this user can give no file away)`,
    async (t) => {
      const cache = new VerdictCache(fresh(), key);
      await cache.keep(no);
      await put(cache.file!);
      t.is(await cache.read(), undefined);
      await cache.keep(no);
      t.deepEqual(await cache.read(), what === "a folder" ? undefined : no);
    },
  );
}
