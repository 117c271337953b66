/** Where text goes: standard output, standard error, or a test's own collector. */
export interface Output {
  write(text: string): void;
  /** Whether a line can be redrawn in place. */
  readonly isTerminal: boolean;
  /** Width now; a window changes it at any time. */
  readonly columns: number;
  /** Bits of color: 24, 8, 4, or 1 for none (piped, or NO_COLOR). */
  readonly colorDepth: number;
}

/** The parts of a stream of the process that an output uses; a pipe has fewer than a terminal. */
export interface TextStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly destroyed: boolean;
  write(text: string): unknown;
  getColorDepth?(variables: NodeJS.ProcessEnv): number;
}

/** The width of what has none. */
export const usualColumns = 80;

/** An output over one of the process's streams. Text written after `stream` broke is dropped. */
export function streamOutput(stream: TextStream, variables: NodeJS.ProcessEnv): Output {
  const isTerminal = stream.isTTY === true && variables["TERM"] !== "dumb" && !isContinuousIntegration(variables);
  return {
    isTerminal,
    colorDepth: isTerminal ? colorDepth(stream, variables) : 1,
    get columns() {
      // A terminal that does not know its width says 0.
      return stream.columns === undefined || stream.columns === 0 ? usualColumns : stream.columns;
    },
    write: (text) => {
      if (!stream.destroyed) stream.write(text);
    },
  };
}

/** Its logs keep each line that was ever drawn, also where it gives programs a terminal. */
function isContinuousIntegration({ CI }: NodeJS.ProcessEnv): boolean {
  return CI !== undefined && !["", "0", "false"].includes(CI.toLowerCase());
}

/** Node knows xterm-256color, but takes the same promise of other terminals for 16 colors. */
function colorDepth(stream: TextStream, variables: NodeJS.ProcessEnv): number {
  const depth = stream.getColorDepth?.(variables) ?? 1;
  return depth === 4 && variables["TERM"]?.endsWith("-256color") === true ? 8 : depth;
}
