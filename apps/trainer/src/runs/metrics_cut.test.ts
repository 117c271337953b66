import { spawnSync } from "node:child_process";
import { chmod, link, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "ava";
import { cutMetrics } from "./metrics_cut.ts";

const folder = await mkdtemp(path.join(tmpdir(), "convoy-cut-"));
test.after.always(() => rm(folder, { recursive: true, force: true }));
let files = 0;

/** Two epochs of 250 steps of 4 images, saved at step 0, 250, 300 and 500. */
const events = [
  { event: "start", epochs: 2 },
  { event: "checkpoint", epoch: 0, step: 0 },
  { event: "step", epoch: 1, step: 100 },
  { event: "step", epoch: 1, step: 200 },
  { event: "epoch", epoch: 1 },
  { event: "validation", epoch: 1 },
  { event: "evaluation", epoch: 1 },
  { event: "checkpoint", epoch: 1, step: 250 },
  { event: "warning", code: "METRICS_WRITE" },
  { event: "checkpoint", epoch: 1, step: 300 },
  { event: "step", epoch: 2, step: 100 },
  { event: "step", epoch: 2, step: 200 },
  { event: "epoch", epoch: 2 },
  { event: "validation", epoch: 2 },
  { event: "evaluation", epoch: 2 },
  { event: "checkpoint", epoch: 2, step: 500 },
  { event: "end" },
];
const lines = events.map((event) => `${JSON.stringify(event)}\n`);

async function cut(text: string, position: Parameters<typeof cutMetrics>[1]): Promise<string> {
  const file = path.join(folder, `metrics-${files++}.jsonl`);
  await writeFile(file, text);
  cutMetrics(file, position, 4);
  return readFile(file, "utf8");
}

test("keeps what came before a checkpoint within an epoch, and no line after", async (t) => {
  const whole = lines.join("");
  t.is(await cut(whole, { epoch: 1, step: 300, samplerPosition: 200 }), lines.slice(0, 10).join(""));
  t.is(await cut(whole, { epoch: 1, step: 350, samplerPosition: 400 }), lines.slice(0, 11).join(""));
  t.is(await cut(whole, { epoch: 1, step: 349, samplerPosition: 396 }), lines.slice(0, 10).join(""));
  t.is(await cut(whole, { epoch: 0, step: 0, samplerPosition: 0 }), lines.slice(0, 2).join(""));
});

test("cuts the end of an epoch whose evaluation is still to come: it is told again", async (t) => {
  t.is(await cut(lines.join(""), { epoch: 0, step: 250, samplerPosition: 1000 }), lines.slice(0, 4).join(""));
  t.is(await cut(lines.join(""), { epoch: 1, step: 250, samplerPosition: 0 }), lines.slice(0, 9).join(""));
});

test("drops a line that was torn at any byte", async (t) => {
  const position = { epoch: 1, step: 300, samplerPosition: 200 };
  const before = lines.slice(0, 2).join("");
  for (let length = 0; length < lines[2].length; length++) {
    t.is(await cut(before + lines[2].slice(0, length), position), before, String(length));
  }
  t.is(await cut(`${before}{"event":\n${lines[2]}`, position), before);
  t.is(await cut(`${before}\u0000\n`, position), before);
});

test("cuts from an event on whose numbers are none, also where they cannot become any, and from a line without end", async (t) => {
  const position = { epoch: 1, step: 300, samplerPosition: 200 };
  const before = lines.slice(0, 2).join("");
  for (const line of [
    '{"event":"epoch","epoch":{"toString":0}}',
    '{"event":"step","epoch":"1","step":1}',
    '{"event":"checkpoint","step":[1]}',
    `{"event":"end","more":"${"x".repeat(2 ** 20)}"}`,
    `{"event":"end","more":[${"[],".repeat(2 ** 17)}[]]}`,
  ]) {
    t.is(await cut(`${before}${line}\n${lines[2]}`, position), before, line.slice(0, 60));
  }
});

test("does without a file, and says when there is something else", async (t) => {
  const position = { epoch: 0, step: 0, samplerPosition: 0 };
  t.notThrows(() => cutMetrics(path.join(folder, "none"), position, 4));
  await mkdir(path.join(folder, "directory"));
  t.throws(() => cutMetrics(path.join(folder, "directory"), position, 4), { code: "METRICS_READ" });
});

test("what a backup holds of the file by a hard link stays as it is, and the file keeps its permissions", async (t) => {
  const place = path.join(folder, "backed-up");
  await mkdir(place);
  const [file, backup] = ["metrics.jsonl", "backup"].map((name) => path.join(place, name));
  for (const position of [
    { epoch: 0, step: 0, samplerPosition: 0 },
    { epoch: 2, step: 500, samplerPosition: 0 },
  ]) {
    await writeFile(file, lines.join(""));
    if (process.platform !== "win32") await chmod(file, 0o604);
    await link(file, backup);
    await writeFile(`${file}.tmp`, "left by a process that was killed");
    cutMetrics(file, position, 4);
    await writeFile(file, "appended", { flag: "a" });
    t.is(await readFile(backup, "utf8"), lines.join(""));
    if (process.platform !== "win32") t.is((await stat(file)).mode & 0o777, 0o604);
    await rm(backup);
  }
  t.deepEqual(await readdir(place), ["metrics.jsonl"]);
});

(process.platform === "win32" ? test.skip : test)(
  "cuts nothing that a link names, and waits for no pipe (skipped on Windows)",
  async (t) => {
    const position = { epoch: 0, step: 0, samplerPosition: 0 };
    await writeFile(path.join(folder, "victim"), "precious");
    await symlink("victim", path.join(folder, "link"));
    t.is(spawnSync("mkfifo", [path.join(folder, "pipe")]).status, 0);
    for (const name of ["link", "pipe"]) {
      t.throws(() => cutMetrics(path.join(folder, name), position, 4), {
        code: "METRICS_READ",
        message: /no regular file/,
      });
    }
    t.is(await readFile(path.join(folder, "victim"), "utf8"), "precious");
  },
);
