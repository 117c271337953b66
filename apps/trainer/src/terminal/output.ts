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

/** The width of what has none. */
export const usualColumns = 80;

/** An output over one of the process's streams. Text written after `stream` broke is dropped. */
export function streamOutput(stream: NodeJS.WriteStream, variables: NodeJS.ProcessEnv): Output {
  const isTerminal = stream.isTTY && variables["TERM"] !== "dumb";
  return {
    isTerminal,
    colorDepth: isTerminal ? stream.getColorDepth(variables) : 1,
    get columns() {
      // A terminal that does not know its width says 0.
      return stream.columns > 0 ? stream.columns : usualColumns;
    },
    write: (text) => {
      if (!stream.destroyed) stream.write(text);
    },
  };
}
