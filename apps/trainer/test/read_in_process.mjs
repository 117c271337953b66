// Reads one picture in a process of its own, and says what that took.
import { readFileSync } from "node:fs";
import process from "node:process";
import { readPicture } from "../src/image/read_picture.ts";

const file = process.argv[2];
// What getrusage says is also the parent's, if that took more before it started this process.
const peak = () => Number(/^VmHWM:\s*(\d+) kB$/m.exec(readFileSync("/proc/self/status", "latin1"))[1]) / 1024;
const before = peak();
const started = performance.now();
const answer = await readPicture(file, "picture", 512).then(
  ({ width, height }) => `${width} × ${height}`,
  (error) => error.code ?? String(error.stack),
);
const mebibytes = peak() - before;
console.log(JSON.stringify({ answer, mebibytes, seconds: (performance.now() - started) / 1000 }));
