import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, rmdir, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "ava";
import { MetricsFile } from "./metrics_file.ts";

const folder = await mkdtemp(path.join(tmpdir(), "convoy-metrics-"));
test.after.always(() => rm(folder, { recursive: true, force: true }));

test("appends to what is there", async (t) => {
  const file = path.join(folder, "appended");
  for (const line of ["one\n", "two\n"]) {
    const metrics = new MetricsFile(file, (error) => t.fail(error.message));
    metrics.write(line);
    metrics.sync();
    metrics.close();
  }
  t.is(await readFile(file, "utf8"), "one\ntwo\n");
});

test("makes no file for nothing", async (t) => {
  const file = path.join(folder, "nothing");
  const metrics = new MetricsFile(file, (error) => t.fail(error.message));
  metrics.sync();
  metrics.close();
  await t.throwsAsync(readFile(file), { code: "ENOENT" });
});

test("keeps lines that cannot be written, says so once, and writes all when it can", async (t) => {
  const file = path.join(folder, "obstructed");
  await mkdir(file);
  const failures: Error[] = [];
  const metrics = new MetricsFile(file, (error) => failures.push(error));
  metrics.write("one\n");
  metrics.write("two\n");
  t.is(failures.length, 1);
  await rmdir(file);
  metrics.write("three\n");
  metrics.close();
  t.is(await readFile(file, "utf8"), "one\ntwo\nthree\n");
  t.is(failures.length, 1);
});

test("what is not written is not said to be there, nor lost in silence at the end", async (t) => {
  const file = path.join(folder, "lost");
  await mkdir(file);
  const metrics = new MetricsFile(file, () => {});
  metrics.write("one\n");
  t.throws(() => metrics.sync(), { code: "METRICS_WRITE", message: /wait in memory/ });
  t.throws(() => metrics.close(), { code: "METRICS_WRITE", message: /are lost/ });
});

(process.platform === "win32" ? test.skip : test)(
  "neither writes through a link nor waits for the reader of a pipe (skipped on Windows)",
  async (t) => {
    await writeFile(path.join(folder, "victim"), "precious");
    await symlink("victim", path.join(folder, "link"));
    await symlink("nothing", path.join(folder, "dangling"));
    t.is(spawnSync("mkfifo", [path.join(folder, "pipe")]).status, 0);
    for (const name of ["link", "dangling", "pipe"]) {
      const failures: string[] = [];
      const metrics = new MetricsFile(path.join(folder, name), ({ message }) => failures.push(message));
      metrics.write("one\n");
      t.throws(() => metrics.close(), { code: "METRICS_WRITE" });
      t.regex(failures[0], /no regular file/);
    }
    t.is(await readFile(path.join(folder, "victim"), "utf8"), "precious");
    await t.throwsAsync(readFile(path.join(folder, "nothing")), { code: "ENOENT" });
  },
);

(process.platform === "win32" ? test.skip : test)(
  "a disk that fills up in the middle of a line costs no byte of the lines before (skipped on Windows)",
  async (t) => {
    const file = path.join(folder, "limited");
    const program = `
      import { MetricsFile } from ${JSON.stringify(new URL("metrics_file.ts", import.meta.url).href)};
      const metrics = new MetricsFile(${JSON.stringify(file)}, ({ code }) => console.log(code));
      for (let line = 0; line < 30; line++) metrics.write(String(line).padStart(99) + "\\n");
      metrics.close();`;
    // The limit is in blocks of 512 or 1024 bytes; Node does not die of the signal.
    const shell = 'trap "" XFSZ; ulimit -f 1; exec "$0" --input-type=module-typescript -e "$1"';
    const { stdout, stderr } = spawnSync("sh", ["-c", shell, process.execPath, program], { encoding: "utf8" });
    t.is(stdout, "EFBIG\n", stderr);
    const text = await readFile(file, "utf8");
    t.true(text.length === 512 || text.length === 1024);
    const whole = Array.from({ length: 30 }, (_, line) => `${String(line).padStart(99)}\n`).join("");
    t.is(text, whole.slice(0, text.length));
  },
);
