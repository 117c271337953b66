import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import { setTimeout } from "node:timers/promises";
import test from "ava";
import { atomicWrite } from "./atomic_write.ts";

const module = JSON.stringify(new URL("atomic_write.ts", import.meta.url));

const onUnix = process.platform === "win32" ? test.skip : test;

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
  await t.throwsAsync(atomicWrite(file, Buffer.from("x")), {
    code: "CHECKPOINT_WRITE",
    message: /: there is no folder .*no \(ENOENT\)\. Make it first\.$/,
  });
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

onUnix("a symbolic link stays, and what it names is written, whole (skipped on Windows)", async (t) => {
  const made = await folder(t);
  await mkdir(path.join(made, "store", "deep"), { recursive: true });
  await symlink("store/deep", path.join(made, "short"));
  await writeFile(path.join(made, "store", "v1"), "old");
  for (const [name, link, target] of [
    ["relative", "store/v1", "store/v1"],
    ["absolute", path.join(made, "store", "v1"), "store/v1"],
    ["twice", "relative", "store/v1"],
    ["new", "store/v2", "store/v2"],
    ["new absolute", path.join(made, "store", "v3"), "store/v3"],
    // ".." is above the folder that "short" names: "store", and not above "short" itself.
    ["above", "short/../v4", "store/v4"],
  ]) {
    const file = path.join(made, name);
    await symlink(link, file);
    await atomicWrite(file, Buffer.from(name));
    t.is(await readlink(file), link);
    t.is(await readFile(path.join(made, target), "utf8"), name);
  }
  t.deepEqual((await readdir(path.join(made, "store"))).toSorted(), ["deep", "v1", "v2", "v3", "v4"]);
  t.false((await readdir(made)).some((name) => name.startsWith(".")));
});

onUnix(
  "where links are not followed, the link is replaced, and what it names is left (skipped on Windows)",
  async (t) => {
    const made = await folder(t);
    await writeFile(path.join(made, "victim"), "precious");
    await symlink("victim", path.join(made, "weights"));
    await atomicWrite(path.join(made, "weights"), Buffer.from("new"), { follow: false });
    t.is(await readFile(path.join(made, "victim"), "utf8"), "precious");
    t.is(await readFile(path.join(made, "weights"), "utf8"), "new");
    t.true((await stat(path.join(made, "weights"))).isFile());
  },
);

onUnix("links in a circle, pipes and devices are refused, and are as they were (skipped on Windows)", async (t) => {
  const made = await folder(t);
  await symlink("circle", path.join(made, "circle"));
  t.is(spawnSync("mkfifo", [path.join(made, "pipe")]).status, 0);
  await symlink("pipe", path.join(made, "to pipe"));
  await symlink("gone/weights", path.join(made, "to nowhere"));
  const before = (await readdir(made)).toSorted();
  for (const [name, message] of [
    ["circle", /ELOOP/],
    ["pipe", /it is a named pipe, no regular file/],
    ["to pipe", /a named pipe/],
    ["to nowhere", /ENOENT/],
  ] as const) {
    await t.throwsAsync(atomicWrite(path.join(made, name), Buffer.from("x")), { code: "CHECKPOINT_WRITE", message });
  }
  await t.throwsAsync(atomicWrite("/dev/null", Buffer.from("x")), { code: "CHECKPOINT_WRITE", message: /a device/ });
  t.true((await stat("/dev/null")).isCharacterDevice());
  t.deepEqual((await readdir(made)).toSorted(), before);
});

onUnix("a file that is replaced keeps its permissions, whatever the umask (skipped on Windows)", async (t) => {
  const file = path.join(await folder(t), "weights");
  await writeFile(file, "old");
  for (const mode of [0o640, 0o600, 0o666, 0o444]) {
    await chmod(file, mode);
    await atomicWrite(file, Buffer.from("new"));
    t.is((await stat(file)).mode & 0o777, mode);
  }
});

const mounting = ["--mount", "--map-root-user", "sh", "-c"];
const canMount = process.platform === "linux" && spawnSync("unshare", [...mounting, "true"]).status === 0;
(canMount ? test : test.skip)(
  "a file that is a mount point is kept, and the error says what to mount instead (skipped without unshare)",
  async (t) => {
    const made = await folder(t);
    for (const name of ["weights", "mounted"]) await writeFile(path.join(made, name), "old");
    const program = `import { atomicWrite } from ${module};
      await atomicWrite("weights", Buffer.from("new")).catch(({ code, message }) => console.log(code, message));`;
    const shell = 'mount --bind mounted weights && exec "$0" --input-type=module -e "$1"';
    const options = { cwd: made, encoding: "utf8" } as const;
    const { stdout, stderr } = spawnSync("unshare", [...mounting, shell, process.execPath, program], options);
    t.regex(stdout, /^CHECKPOINT_WRITE CHECKPOINT_WRITE: .*mount point.*mount its folder.*EBUSY/, stderr);
    t.is(await readFile(path.join(made, "mounted"), "utf8"), "old");
    t.deepEqual((await readdir(made)).toSorted(), ["mounted", "weights"]);
  },
);

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
