import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import { setTimeout } from "node:timers/promises";
import test from "ava";
import { atomicWrite } from "./atomic_write.ts";

const module = JSON.stringify(new URL("atomic_write.ts", import.meta.url));

async function folder(t: { teardown(fn: () => Promise<void>): void }): Promise<string> {
  const made = await mkdtemp(path.join(os.tmpdir(), "convoy-atomic-"));
  t.teardown(() => rm(made, { recursive: true }));
  return made;
}

function child(program: string, ...args: string[]): ChildProcess {
  return spawn(process.execPath, ["--input-type=module", "-e", program, "--", ...args], { stdio: "ignore" });
}

test("writes a new file, and replaces an old one by a shorter", async (t) => {
  const file = path.join(await folder(t), "weights");
  await atomicWrite(file, Buffer.from("first and long"));
  t.is(await readFile(file, "utf8"), "first and long");
  await atomicWrite(file, Buffer.from("second"));
  t.is(await readFile(file, "utf8"), "second");
  t.deepEqual(await readdir(path.dirname(file)), ["weights"]);
});

test("a name without a folder goes into the working folder", async (t) => {
  const made = await folder(t);
  const program = `import { atomicWrite } from ${module}; await atomicWrite("weights", Buffer.from("here"));`;
  const [code] = await once(spawn(process.execPath, ["--input-type=module", "-e", program], { cwd: made }), "exit");
  t.is(code, 0);
  t.is(await readFile(path.join(made, "weights"), "utf8"), "here");
});

test("a folder that is not there is a coded error", async (t) => {
  const made = await folder(t);
  const file = path.join(made, "no", "weights");
  await t.throwsAsync(atomicWrite(file, Buffer.from("x")), { code: "CHECKPOINT_WRITE", message: /ENOENT/ });
  t.deepEqual(await readdir(made), []);
});

test("a target that is a folder is a coded error, keeps the folder, and leaves no temporary file", async (t) => {
  const made = await folder(t);
  await mkdir(path.join(made, "weights"));
  await writeFile(path.join(made, "weights", "inside"), "kept");
  await t.throwsAsync(atomicWrite(path.join(made, "weights"), Buffer.from("x")), { code: "CHECKPOINT_WRITE" });
  t.deepEqual(await readdir(made), ["weights"]);
  t.is(await readFile(path.join(made, "weights", "inside"), "utf8"), "kept");
});

// The child ends itself at the named call: the temporary file is there, the new name is not.
for (const [moment, patch] of [
  [
    "half way through the data",
    "handles.writeFile = async function (bytes) { await this.write(bytes, 0, 2); await die(); };",
  ],
  ["before the data is on the disk", "handles.sync = die;"],
  ["after the data, before the rename", "fs.promises.rename = die;"],
]) {
  test(`killed ${moment}, the old file is kept, and the next write leaves nothing else`, async (t) => {
    const file = path.join(await folder(t), "weights");
    await writeFile(file, "old");
    const program = `
      import fs from "node:fs";
      import { syncBuiltinESMExports } from "node:module";
      const file = ${JSON.stringify(file)};
      const die = () => new Promise(() => process.kill(process.pid, "SIGKILL"));
      const handle = await fs.promises.open(file);
      const handles = Object.getPrototypeOf(handle);
      await handle.close();
      ${patch}
      syncBuiltinESMExports();
      const { atomicWrite } = await import(${module});
      await atomicWrite(file, Buffer.from("new"));`;
    const [, signal] = await once(child(program), "exit");
    t.is(signal, "SIGKILL");
    t.is(await readFile(file, "utf8"), "old");
    t.is((await readdir(path.dirname(file))).length, 2);
    await atomicWrite(file, Buffer.from("next"));
    t.deepEqual(await readdir(path.dirname(file)), ["weights"]);
    t.is(await readFile(file, "utf8"), "next");
  });
}

test("what a living process, another machine or the write of another file has there is left alone", async (t) => {
  const file = path.join(await folder(t), "weights");
  const uuid = "00000000-0000-4000-8000-000000000000";
  const ended = spawn(process.execPath, ["-e", ""], { stdio: "ignore" });
  await once(ended, "exit");
  const others = [
    `.weights.elsewhere-${os.hostname()}.${ended.pid}.${uuid}.tmp`,
    `.weights.${os.hostname()}.${process.pid}.${uuid}.tmp`,
    `.weights.old.${os.hostname()}.${ended.pid}.${uuid}.tmp`,
    `.weights.${os.hostname()}.${ended.pid}.mine.tmp`,
  ];
  const leftover = `.weights.${os.hostname()}.${ended.pid}.${uuid}.tmp`;
  for (const name of [...others, leftover]) await writeFile(path.join(path.dirname(file), name), "half");
  await atomicWrite(file, Buffer.from("whole"));
  t.deepEqual((await readdir(path.dirname(file))).toSorted(), [...others, "weights"].toSorted());
});

const onUnix = process.platform === "win32" ? test.skip : test;
onUnix(
  "where there is room for a part only, the old file is kept and nothing is left (skipped on Windows: no ulimit)",
  async (t) => {
    const file = path.join(await folder(t), "weights");
    await writeFile(file, "old");
    const program = `import { atomicWrite } from ${module};
    try { await atomicWrite(${JSON.stringify(file)}, Buffer.alloc(1 << 20, 1)); }
    catch (error) { process.exitCode = error.code === "CHECKPOINT_WRITE" && error.cause.code === "EFBIG" ? 5 : 6; }`;
    const limited = ["-c", 'ulimit -f 100; exec "$@"', "sh", process.execPath, "--input-type=module", "-e", program];
    const [code] = await once(spawn("sh", limited, { stdio: "ignore" }), "exit");
    t.is(code, 5);
    t.is(await readFile(file, "utf8"), "old");
    t.deepEqual(await readdir(path.dirname(file)), ["weights"]);
  },
);

test("killed at any moment, a reader finds one whole content", async (t) => {
  const file = path.join(await folder(t), "weights");
  const length = 300_000;
  const program = `import { atomicWrite } from ${module};
    for (let i = 0; ; i++) await atomicWrite(${JSON.stringify(file)}, Buffer.alloc(${length}, i));`;
  for (let round = 0; round < 6; round++) {
    await rm(file, { force: true });
    const writer = child(program);
    const ended = once(writer, "exit");
    while (!(await readdir(path.dirname(file))).includes("weights")) await setTimeout(5);
    await setTimeout(7 * round);
    writer.kill("SIGKILL");
    await ended;
    const found = await readFile(file);
    t.is(found.length, length);
    t.true(found.every((byte) => byte === found[0]));
  }
});
