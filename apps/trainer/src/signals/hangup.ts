import { readFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";

/** Where Linux tells of a process. */
type Ask = (file: string) => string;

/**
 * Whether this process was started to outlive its terminal, with SIGHUP ignored, as nohup does.
 *
 * Node puts SIGHUP back to what ends a program before any of our code runs, so the traces of it are asked:
 *
 * - the shell's note of the command that it started, which is nohup: bash, zsh and ksh leave one
 * - a standard input that can only be written: so GNU's nohup takes a terminal away
 * - a parent that ignores SIGHUP, such as a shell after `trap "" HUP`: its children begin with that
 *
 * The last two are known on Linux alone.
 *
 * @param variables the environment of this process
 */
export function isHangupIgnored(variables: NodeJS.ProcessEnv, ask: Ask = readText): boolean {
  if (path.basename(variables["_"] ?? "") === "nohup") return true;
  try {
    const flags = Number.parseInt(/^flags:\s*(\d+)$/m.exec(ask("/proc/self/fdinfo/0"))?.[1] ?? "0", 8);
    return (flags & accessMode) === writeOnly || ignoresHangup(ask("/proc/self/status")) || ignoresHangup(parent(ask));
  } catch {
    return false;
  }
}

const accessMode = 3;
const writeOnly = 1;

function parent(ask: Ask): string {
  return ask(`/proc/${process.ppid}/status`);
}

/** SIGHUP is signal 1, so it is the lowest bit of the last hexadecimal digit. */
function ignoresHangup(status: string): boolean {
  const digit = /^SigIgn:\s*[\da-f]*([\da-f])$/m.exec(status)?.[1] ?? "0";
  return Number.parseInt(digit, 16) % 2 === 1;
}

function readText(file: string): string {
  return readFileSync(file, "utf8");
}
