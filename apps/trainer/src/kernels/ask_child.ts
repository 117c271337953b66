import { spawn } from "node:child_process";
import process from "node:process";
import { awakeDeadline } from "./awake_deadline.ts";
import { parseParts, type Parts } from "./parts.ts";
import type { Question } from "./question.ts";
import { oneLine, type Verdict } from "./verdict.ts";
import { wideFlag } from "./wide_flag.ts";

/** Of processor time: ten to twenty times what the child takes. */
const processorLimit = 60;

/** A machine that others have takes longer, which says nothing about its kernels; nor does a child that only waits. */
const patienceMilliseconds = 300_000;

const limiter = new URL("processor_limit.ts", import.meta.url).href;
const limitReached = "limit of processor time reached";

/** What a process says that got too little of the system, and would not at another time. */
const refused =
  /\b(?:EAGAIN|EMFILE|ENFILE|ENOMEM|ENOSPC|EDQUOT|EIO|ERR_WORKER_INIT_FAILED)\b|out of memory|allocat\w* (?:failed|memory)/i;

/** A notice to the whole job, SIGUSR1, must not have the child open a port. */
const noDebugger = "--disable-sigusr1";

/** Of what the child writes, no more is kept. */
const mostText = 64 * 1024;

/** Signals with which someone ends a process; a process that fails gets others. */
const fromOutside: ReadonlySet<string> = new Set([
  "SIGINT",
  "SIGTERM",
  "SIGHUP",
  "SIGKILL",
  "SIGQUIT",
  "SIGUSR1",
  "SIGUSR2",
]);

export interface ChildOptions {
  readonly signal: AbortSignal;
  /** Milliseconds to wait at most. */
  readonly patience?: number | undefined;
  /** Seconds of processor time that the child may use. */
  readonly processorSeconds?: number | undefined;
  /** Told how far the check is. */
  readonly onParts?: ((parts: Parts) => void) | undefined;
}

/** What came of asking, and whether it would come again. */
export interface Answer {
  readonly verdict: Verdict;
  /** Whether it says something about this machine, and not only about this moment. */
  readonly isLasting: boolean;
}

interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly error: string;
  readonly isLimited: boolean;
}

/** Has a child process of the same Node try wide kernels under V8's flag, and judges what becomes of it. */
export async function askChild(question: Question, options: ChildOptions): Promise<Answer> {
  const { subject } = question;
  const { signal, patience = patienceMilliseconds, processorSeconds = processorLimit } = options;
  const deadline = awakeDeadline(patience);
  let ending: Ending;
  try {
    ending = await runChild(question, processorSeconds, AbortSignal.any([signal, deadline.signal]), options.onParts);
  } catch (error) {
    if (deadline.signal.aborted && !signal.aborted) {
      return passing(`the check of ${subject} did not end within ${patience / 1000} seconds`);
    }
    return passing(`the check of ${subject} could not run: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    deadline.stop();
  }
  if (ending.isLimited) {
    return lasting(`the check of ${subject} took more than ${processorSeconds} seconds of processor time`);
  }
  if (ending.signal !== null && fromOutside.has(ending.signal)) {
    return passing(`the check of ${subject} was ended by ${ending.signal}`);
  }
  return judge(ending, question);
}

function judge({ code, signal, out, error }: Ending, { subject, leastRatio }: Question): Answer {
  if (code !== 0) {
    const how = signal === null ? `with exit code ${code}` : `by ${signal}`;
    const why = failureIn(error);
    const reason = `Node's engine failed at ${subject}, ${how}${why === "" ? "" : `: ${why}`}`;
    return refused.test(error) ? passing(reason) : lasting(reason);
  }
  const result = parseResult(out);
  if (result === undefined) return lasting(`the check of ${subject} gave no answer`);
  const { differences, ratio } = result;
  if (differences.length > 0) return lasting(`Node's engine computes ${subject} wrongly: ${differences[0]}`);
  if (ratio >= leastRatio) return { verdict: { wide: true }, isLasting: true };
  return lasting(`${subject} gain too little on this processor: ${ratio.toFixed(2)} times the narrow ones' speed`);
}

function passing(reason: string): Answer {
  return { verdict: no(reason), isLasting: false };
}

function lasting(reason: string): Answer {
  return { verdict: no(reason), isLasting: true };
}

function no(reason: string): Verdict {
  return { wide: false, reason: oneLine(reason).replace(/\.$/, "") };
}

/** The first line that names the failure: V8's "# Fatal error in …" says less than what follows. */
function failureIn(text: string): string {
  const lines = text.split("\n").map((line) => line.replace(/^#/, "").trim());
  return lines.find((line) => /error|unreachable|check failed/i.test(line) && !line.startsWith("Fatal error in")) ?? "";
}

function parseResult(out: string): { differences: string[]; ratio: number } | undefined {
  try {
    // The lines before it say how far it was.
    const result: unknown = JSON.parse(out.trimEnd().split("\n").at(-1)!);
    if (typeof result !== "object" || result === null || !("differences" in result)) return undefined;
    const { differences } = result;
    if (!Array.isArray(differences) || !differences.every((each) => typeof each === "string")) return undefined;
    const ratio = "ratio" in result && typeof result.ratio === "number" ? result.ratio : 0;
    return { differences, ratio };
  } catch {
    return undefined;
  }
}

/** @throws when it cannot be started, or when `signal` ended it */
async function runChild(
  { flags, program, input }: Question,
  processorSeconds: number,
  signal: AbortSignal,
  onParts: ChildOptions["onParts"],
): Promise<Ending> {
  const { promise, resolve, reject } = Promise.withResolvers<Ending>();
  const limit = ["--import", `${limiter}?${processorSeconds}`];
  const child = spawn(process.execPath, [noDebugger, wideFlag, ...flags, ...limit, program], {
    stdio: ["pipe", "pipe", "pipe"],
    signal,
    // It is past persuasion when its compiler hangs.
    killSignal: "SIGKILL",
    windowsHide: true,
  });
  // First of all: what keeps it from starting is told by an event, and without a handle for its pipes it has none.
  child.on("error", reject);
  const { stdin, stdout, stderr }: Partial<typeof child> = child;
  let out = "";
  let error = "";
  let isLimited = false;
  stdout?.setEncoding("utf8").on("data", (text: string) => {
    const from = out.lastIndexOf("\n") + 1;
    out = (out + text).slice(0, mostText);
    for (const line of out.slice(from).split("\n").slice(0, -1)) {
      const parts = parseParts(line);
      if (parts !== undefined) onParts?.(parts);
    }
  });
  stderr?.setEncoding("utf8").on("data", (text: string) => {
    isLimited ||= text.includes(limitReached);
    error = (error + text).slice(0, mostText);
  });
  // A program that ends before it has read everything says why by its ending.
  stdin?.on("error", () => {}).end(input);
  child.on("close", (code, endedBy) => resolve({ code, signal: endedBy, out, error, isLimited }));
  return promise;
}
