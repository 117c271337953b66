/** Piscina's own words for a thread that is gone; there is no code to go by. */
export function exitOf(message: string): string | undefined {
  return /^worker exited with code: (\d+)$/.exec(message)?.[1];
}

/** As Node names them; of a file that a `require` does not find it leaves out the beginning. */
const missingFile = /^(?:ERR_)?MODULE_NOT_FOUND$/;

/** A file that is there, and of which the process may open no more; not every such error has the code. */
const tooManyFiles = /EMFILE|ENFILE|too many open files/;

/** What a thread that did not come to its program died of, and what can be done about it. */
export function startFailure(cause: Error): { readonly what: string; readonly cure: string } {
  const { message } = cause;
  const exit = exitOf(message);
  const why = exit === undefined ? message : `it ended with exit code ${exit} before its program was loaded`;
  return { what: `a thread did not start: ${why}`, cure: cureOf("code" in cause ? String(cause.code) : "", message) };
}

function cureOf(code: string, message: string): string {
  if (missingFile.test(code)) {
    return "Where the program was bundled, leave @convoy/parallel out of the bundle: threads load files of its folder.";
  }
  if (code === "ERR_WORKER_INIT_FAILED" || tooManyFiles.test(message)) {
    return (
      "The system refuses another thread: use fewer workers, or raise its limits of processes and of open files " +
      "(ulimit -u, ulimit -n; pids.max of a container)."
    );
  }
  switch (code) {
    case "ERR_WORKER_OUT_OF_MEMORY":
      return "Use fewer workers, or give Node more memory (--max-old-space-size).";
    case "ERR_ACCESS_DENIED":
      return "Node runs with --permission: start it with --allow-worker, and with --allow-fs-read for the packages.";
    default:
      return "Look at what Node loads into every thread: --import, --require and NODE_OPTIONS.";
  }
}
