import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "ava";
import { fileStream } from "./file_stream.ts";

const folder = mkdtempSync(path.join(tmpdir(), "convoy-stream-"));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));

test("writes a file to the last byte, and tells once of what it cannot write", (t) => {
  const file = path.join(folder, "out");
  const descriptor = openSync(file, "w");
  const errors: (string | undefined)[] = [];
  const stream = fileStream(descriptor, ({ code }) => errors.push(code));
  stream?.write("größer\n");
  t.is(readFileSync(file, "utf8"), "größer\n");
  t.false(stream?.destroyed);
  closeSync(descriptor);
  stream?.write("late");
  t.true(stream?.destroyed);
  t.deepEqual(errors, ["EBADF"]);
});

test("leaves what is no regular file to Node", (t) => {
  const descriptor = openSync(folder, "r");
  t.is(
    fileStream(descriptor, () => {}),
    undefined,
  );
  closeSync(descriptor);
  t.is(
    fileStream(descriptor, () => {}),
    undefined,
  );
});
