import xterm from "@xterm/headless";
import type { Output } from "../src/progress/output.ts";

/** What is written goes to a terminal that wraps lines anew when its window changes, as most do. */
export class Screen implements Output {
  readonly isTerminal = true;
  readonly colorDepth: number;
  readonly #terminal: InstanceType<typeof xterm.Terminal>;

  constructor(columns: number, colorDepth = 1) {
    this.colorDepth = colorDepth;
    this.#terminal = new xterm.Terminal({ cols: columns, rows: 30, allowProposedApi: true, convertEol: true });
  }

  get columns(): number {
    return this.#terminal.cols;
  }

  write(text: string): void {
    this.#terminal.write(text);
  }

  async resize(columns: number): Promise<void> {
    await this.#written();
    this.#terminal.resize(columns, 30);
  }

  /** The rows that have text, as they are seen. */
  async rows(): Promise<string[]> {
    await this.#written();
    const { active } = this.#terminal.buffer;
    const rows = Array.from({ length: active.length }, (_, i) => active.getLine(i)?.translateToString(true) ?? "");
    return rows.filter((row) => row.trim() !== "");
  }

  #written(): Promise<void> {
    return new Promise((resolve) => this.#terminal.write("", resolve));
  }
}
