import type { Environment } from "../environment.ts";
import { wrap } from "../terminal/wrap.ts";
import { describeOptions } from "../options/help.ts";
import type { OptionTable } from "../options/option.ts";
import { parseOptions, type Parsed } from "../options/parse_options.ts";
import { programName } from "../program_name.ts";

/** One command of the program. */
export interface Command {
  /** Whether it watches the signal itself; any other command is simply left where it is. */
  readonly stopsGently: boolean;
  help(width: number): string;
  /** @returns the exit code */
  run(argv: readonly string[], environment: Environment): Promise<number>;
}

interface CommandDefinition<Table extends OptionTable> {
  readonly name: string;
  readonly description: string;
  readonly options: Table;
  readonly stopsGently?: boolean;
  /** Names of what may follow without dashes, such as "[image.png]". */
  readonly positionals?: readonly string[];
  readonly examples: readonly string[];
  readonly run: (parsed: Parsed<Table>, environment: Environment) => Promise<number>;
}

/** Makes a command of its options and of what it does with them. */
export function defineCommand<Table extends OptionTable>(definition: CommandDefinition<Table>): Command {
  const { name, description, options, stopsGently = false, positionals = [], examples } = definition;
  return {
    stopsGently,
    help: (width) =>
      [
        `Usage: ${programName} ${[name, ...positionals].join(" ")} [options]`,
        "",
        ...wrap(description, width),
        "",
        "Options:",
        describeOptions(options, width),
        "",
        "Examples:",
        ...examples.map((example) => `  ${programName} ${example}`),
        "",
      ].join("\n"),
    run: async (argv, environment) => {
      const parsed = parseOptions(name, options, argv, positionals);
      return definition.run(parsed, environment);
    },
  };
}
