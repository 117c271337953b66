// Preloaded into a trainer with --expose-gc: after each evaluation it collects the garbage of the main thread, and tells
// on standard error how many bytes are resident then.
import process from "node:process";
import { isMainThread } from "node:worker_threads";

if (isMainThread) {
  const { stdout } = process;
  const write = stdout.write.bind(stdout);
  stdout.write = (text, ...rest) => {
    if (text.includes('"event":"evaluation"')) {
      globalThis.gc();
      process.stderr.write(`resident ${process.memoryUsage.rss()}\n`);
    }
    return write(text, ...rest);
  };
}
