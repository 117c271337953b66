// Loaded into a child process before its program: ends it by SIGKILL when it has used so many seconds of processor time, which
// the address of this file says behind a "?", and tells its standard error. A compiler that never ends holds the main thread, so
// another one looks; and the time of a machine that sleeps, or that others have, does not count. So it does when the process that
// asked is gone: nobody would end a child that computes for ever.
import { writeSync } from "node:fs";
import process from "node:process";
import { isMainThread, Worker, workerData } from "node:worker_threads";

const standardError = 2;

function look(seconds: number, parent: number): void {
  const { user, system } = process.cpuUsage();
  if (process.ppid === parent && user + system < seconds * 1e6) return;
  try {
    // The stream of a thread goes through the main thread, which is busy.
    writeSync(standardError, "\nlimit of processor time reached\n");
  } finally {
    // Also when nobody reads any more.
    process.kill(process.pid, "SIGKILL");
  }
}

if (isMainThread) {
  const here = new URL(import.meta.url);
  // The thread may start after the parent's end.
  const limits = [Number(here.search.slice(1)), process.ppid];
  new Worker(here, { execArgv: [], workerData: limits }).unref();
} else {
  const [seconds, parent]: number[] = workerData;
  setInterval(look, 100, seconds, parent);
}
