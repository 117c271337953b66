import { readFileSync } from "node:fs";
import process from "node:process";

/** The most memory that this process had resident so far, in MiB. */
export function residentPeak(): number {
  // On Linux, maxRSS begins with what the process that started this one had.
  const status = process.platform === "linux" ? readFileSync("/proc/self/status", "utf8") : "";
  const kibibytes = /^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1] ?? process.resourceUsage().maxRSS;
  return Number(kibibytes) / 1024;
}
