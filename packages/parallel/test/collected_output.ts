import type { Output } from "../src/progress/output.ts";

/** Where there is no terminal: keeps what is written. */
export class CollectedOutput implements Output {
  readonly isTerminal: boolean = false;
  readonly columns: number = 80;
  readonly colorDepth: number = 1;
  text = "";

  write(text: string): void {
    this.text += text;
  }

  get lines(): string[] {
    return this.text.split("\n").slice(0, -1);
  }
}
