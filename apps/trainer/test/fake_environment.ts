import type { Environment } from "../src/environment.ts";
import type { Output } from "@convoy/parallel/progress";

/** An output that keeps what is written to it. */
export class FakeOutput implements Output {
  text = "";
  isTerminal = false;
  columns = 80;
  colorDepth = 1;

  write(text: string): void {
    this.text += text;
  }

  get lines(): string[] {
    return this.text.split("\n").slice(0, -1);
  }

  /** Each line as the object that it is. */
  get events(): Record<string, unknown>[] {
    return this.lines.map((line) => JSON.parse(line));
  }
}

export class FakeEnvironment implements Environment {
  readonly stdout = new FakeOutput();
  readonly stderr = new FakeOutput();
  readonly directory: string;
  readonly signal: AbortSignal;

  constructor(directory: string, signal: AbortSignal = new AbortController().signal) {
    this.directory = directory;
    this.signal = signal;
  }
}
