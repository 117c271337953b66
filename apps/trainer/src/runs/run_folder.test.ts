import { spawnSync } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "ava";
import { checkRunFolder, defaultRunFolder, makeRunFolder, removeUnused } from "./run_folder.ts";

const folder = await mkdtemp(path.join(tmpdir(), "convoy-folder-"));
test.after.always(() => rm(folder, { recursive: true, force: true }));
const at = (...parts: string[]) => ({ path: path.join(folder, ...parts), name: parts.join("/") });

test("names a run by when and what, in characters that every system allows", (t) => {
  const started = new Date("2026-11-24T11:52:03.123Z");
  const name = defaultRunFolder({ started, dataset: "mnist", model: "seed-cnn" });
  t.is(name, path.join("runs", "20261124T115203123Z-mnist-seed-cnn"));
});

test("accepts a folder that is not there yet, at any depth, and an empty one", async (t) => {
  await mkdir(at("empty").path);
  await t.notThrowsAsync(checkRunFolder(at("empty")));
  await t.notThrowsAsync(checkRunFolder(at("a", "b", "c")));
});

test("checks without writing anything", async (t) => {
  await checkRunFolder(at("untouched", "run"));
  await t.throwsAsync(stat(at("untouched").path), { code: "ENOENT" });
});

test("refuses a folder that holds something, a file, and what would lie in a file", async (t) => {
  await mkdir(at("full").path);
  await writeFile(at("full", "x").path, "");
  await t.throwsAsync(checkRunFolder(at("full")), { code: "RUN_DIR_NOT_EMPTY" });
  await t.throwsAsync(checkRunFolder(at("full", "x")), { code: "RUN_DIR_NOT_A_FOLDER" });
  await t.throwsAsync(checkRunFolder(at("full", "x", "run")), { code: "RUN_DIR_NOT_A_FOLDER" });
  await t.throwsAsync(makeRunFolder(at("full", "x", "run")), { code: "RUN_DIR_NOT_A_FOLDER" });
});

test("refuses a name that is too long for the system", async (t) => {
  await t.throwsAsync(checkRunFolder(at("x".repeat(300))), { code: "RUN_DIR_UNWRITABLE" });
});

test("makes a folder, and takes it away only when nothing is in it", async (t) => {
  t.true(await makeRunFolder(at("new", "run")));
  t.false(await makeRunFolder(at("new", "run")));
  await writeFile(at("new", "run", "weights").path, "");
  await removeUnused(at("new", "run"));
  t.true((await stat(at("new", "run", "weights").path)).isFile());
  await rm(at("new", "run", "weights").path);
  await removeUnused(at("new", "run"));
  await t.throwsAsync(stat(at("new", "run").path), { code: "ENOENT" });
});

(existsSync("/proc/self") ? test : test.skip)(
  "refuses where the system allows no new folders, at once (skipped without /proc)",
  async (t) => {
    await t.throwsAsync(makeRunFolder({ path: "/proc/convoy/run", name: "run" }), { code: "RUN_DIR_UNWRITABLE" });
  },
);

test("makes two runs in the same new folder at the same time, but never the same run twice", async (t) => {
  const both = await Promise.all([makeRunFolder(at("shared", "one")), makeRunFolder(at("shared", "two"))]);
  t.deepEqual(both, [true, true]);
  const twins = await Promise.allSettled([makeRunFolder(at("shared", "x")), makeRunFolder(at("shared", "x"))]);
  const made = twins.filter((twin) => twin.status === "fulfilled" && twin.value);
  t.is(made.length, 1);
});

(process.platform === "win32" ? test.skip : test)(
  "makes each new folder durable in the one that it lies in (skipped on Windows: it has no call for that)",
  (t) => {
    const program = `
      import fs from "node:fs";
      import { syncBuiltinESMExports } from "node:module";
      const { open } = fs.promises;
      fs.promises.open = async (file, ...rest) => {
        const handle = await open(file, ...rest);
        const sync = handle.sync.bind(handle);
        handle.sync = async () => { await sync(); console.log(file); };
        return handle;
      };
      syncBuiltinESMExports();
      const { makeRunFolder } = await import(${JSON.stringify(new URL("run_folder.ts", import.meta.url).href)});
      await makeRunFolder({ path: ${JSON.stringify(at("one", "two", "run").path)}, name: "run" });`;
    const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
      encoding: "utf8",
    });
    const synced = [folder, at("one").path, at("one", "two").path].map((each) => realpathSync(each));
    t.deepEqual(
      stdout
        .trim()
        .split("\n")
        .map((each) => realpathSync(each)),
      synced,
      stderr,
    );
  },
);
