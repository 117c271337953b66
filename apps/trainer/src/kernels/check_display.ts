import { LiveLine, type Output } from "@convoy/parallel/progress";
import type { Parts } from "./parts.ts";
import type { Question } from "./question.ts";

const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const frameMilliseconds = 100;

/** Shows that kernels are being checked: on a terminal as a spinner that goes away, with how far it is; elsewhere in one line. */
export class CheckDisplay {
  readonly #output: Output;
  readonly #live: LiveLine;
  #timer: NodeJS.Timeout | undefined;
  #about = "";
  #part = "";
  #frame = 0;

  constructor(output: Output) {
    this.#output = output;
    this.#live = new LiveLine(output, true);
  }

  begin({ about }: Question): void {
    if (!this.#output.isTerminal) {
      const what = `Checking, once for ${about}, whether its wide kernels compute rightly; it takes seconds.`;
      this.#output.write(`${what}\n`);
      return;
    }
    this.#about = about;
    this.#part = "";
    this.#timer = setInterval(() => this.#draw(), frameMilliseconds);
    this.#draw();
  }

  part({ done, parts }: Parts): void {
    this.#part = `, part ${done + 1} of ${parts}`;
  }

  end(): void {
    clearInterval(this.#timer);
    this.#live.close();
  }

  #draw(): void {
    const frame = frames[this.#frame++ % frames.length];
    const line = `${frame} Checking wide kernels${this.#part} (once for ${this.#about})`;
    this.#live.show(line.slice(0, Math.max(0, this.#output.columns - 1)));
  }
}
