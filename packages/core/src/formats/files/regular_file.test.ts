import { spawnSync } from "node:child_process";
import { closeSync, constants, existsSync, readFileSync, writeSync } from "node:fs";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import test from "ava";
import { openRegularFileSync, readRegularFile } from "./regular_file.ts";

const folder = await mkdtemp(path.join(os.tmpdir(), "convoy-regular-"));
test.after.always(() => rm(folder, { recursive: true, force: true }));
const at = (name: string): string => path.join(folder, name);

test("reads a file, and no more than it may", async (t) => {
  await writeFile(at("file"), "four");
  t.deepEqual(await readRegularFile(at("file"), { follow: false, most: 4 }), new TextEncoder().encode("four"));
  await t.throwsAsync(readRegularFile(at("file"), { follow: true, most: 3 }), { message: /4 bytes, and at most 3/ });
  await t.throwsAsync(readRegularFile(at("none"), { follow: true }), { code: "ENOENT" });
});

test("makes a file, and appends to it", (t) => {
  const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT;
  for (const text of ["a", "b"]) {
    const descriptor = openRegularFileSync(at("appended"), flags, { follow: false });
    writeSync(descriptor, text);
    closeSync(descriptor);
  }
  t.is(readFileSync(at("appended"), "utf8"), "ab");
});

(process.platform === "win32" ? test.skip : test)(
  "waits for no pipe, opens no device and no folder, and follows a link only where it may (skipped on Windows)",
  async (t) => {
    await writeFile(at("target"), "here");
    await symlink("target", at("link"));
    await symlink("pipe", at("link to pipe"));
    await mkdir(at("directory"));
    t.is(spawnSync("mkfifo", [at("pipe")]).status, 0);
    t.is(String(Buffer.from(await readRegularFile(at("link"), { follow: true }))), "here");
    closeSync(openRegularFileSync(at("link"), constants.O_RDONLY, { follow: true }));
    for (const [name, follow, kind] of [
      [at("link"), false, "a symbolic link"],
      [at("pipe"), false, "a named pipe"],
      [at("link to pipe"), true, "a named pipe"],
      [at("directory"), true, "a folder"],
      ["/dev/zero", true, "a device"],
    ] as const) {
      const expected = { name: "NotRegularError", message: `it is ${kind}, no regular file` };
      await t.throwsAsync(readRegularFile(name, { follow }), expected);
      for (const flags of [constants.O_RDONLY, constants.O_RDWR, constants.O_WRONLY | constants.O_CREAT]) {
        t.throws(() => openRegularFileSync(name, flags, { follow }), expected);
      }
    }
  },
);

(existsSync("/proc/self/status") ? test : test.skip)(
  "takes a file that says it is empty for empty: some of the system never end (skipped without /proc)",
  async (t) => {
    t.is((await readRegularFile("/proc/self/status", { follow: true })).length, 0);
  },
);
