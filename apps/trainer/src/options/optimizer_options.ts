import { namesOf, type Optimizer, optimizers, type OptionTable, positive } from "@convoy/core/training";
import { UsageError } from "../errors.ts";
import { decimal } from "./number_option.ts";
import { choice, flag, type Option } from "./option.ts";

type Kinds = typeof optimizers;
type Kind = keyof Kinds;
/** Every option that some optimizer has, by its name in JavaScript. */
type OptionName = { [Each in Kind]: keyof Kinds[Each]["options"] & string }[Kind];
/** "learning-rate" of "learningRate". */
type Written<Name extends string> = Name extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `-${Lowercase<First>}`}${Written<Rest>}`
  : Name;
type OptimizerOptions = { readonly [Name in OptionName as Written<Name>]: Option<number | boolean | undefined> };

/** The optimizer of who names none, and what it does then that it would not do by itself: the seed program's. */
const usual = { kind: "sgd", options: { momentum: 0.9 } as Readonly<Record<string, number>> } as const;

/** What the command line has otherwise than the tables: a rate of 0 trains nothing. */
const stricter: OptionTable = { learningRate: positive("length of the steps") };

const tables: readonly { readonly kind: string; readonly options: OptionTable }[] = Object.values(optimizers);

const names = [...new Set(tables.flatMap(({ options }) => Object.keys(options)))];

/** The options of all optimizers, and which of these. */
export const optimizerOptions = {
  optimizer: choice(namesOf(optimizers), usual.kind, "how gradients become steps"),
  // Every name is written as the type says.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  ...(Object.fromEntries(names.map((name) => [written(name), optionFor(name)])) as OptimizerOptions),
};

/** The optimizer that options say. @throws UsageError OPTION_COMBINATION for options of another one */
export function chosenOptimizer(values: Readonly<Record<string, unknown>> & { readonly optimizer: Kind }): Optimizer {
  const kind = optimizers[values.optimizer];
  const options: Record<string, unknown> = kind.kind === usual.kind ? { ...usual.options } : {};
  for (const name of names) {
    const value = values[written(name)];
    if (value === undefined || value === false) continue;
    if (!Object.hasOwn(kind.options, name)) {
      const owners = tables.filter(({ options: of }) => Object.hasOwn(of, name)).map((table) => table.kind);
      throw new UsageError(
        "OPTION_COMBINATION",
        `--${written(name)} belongs to --optimizer ${owners.join(" or ")}; ${kind.kind} does not have it.`,
      );
    }
    options[name] = value;
  }
  try {
    return kind(options);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.replace(/^\w+: \w+: /, "") : String(cause);
    const said = names.reduce(
      (text, name) => text.replaceAll(new RegExp(`\\b${name}\\b`, "g"), `--${written(name)}`),
      why,
    );
    throw new UsageError("OPTION_COMBINATION", said, { cause });
  }
}

function optionFor(name: string): Option<number | boolean | undefined> {
  const owners = tables.filter(({ options }) => Object.hasOwn(options, name));
  const { help, expected, written: form, accept, standardText } = stricter[name] ?? owners[0].options[name];
  const standards = owners.map(({ options }) => options[name].standardText);
  const description =
    owners.length === tables.length ? help : `of ${owners.map(({ kind }) => kind).join(" and ")}: ${help}`;
  if (form === "flag") return { ...flag(description), initial: undefined };
  const own = usual.options[name];
  const defaultText = own === undefined ? (standardText ?? standards[0] ?? "") : `${own} with ${usual.kind}`;
  return {
    ...decimal({
      description,
      initial: undefined,
      defaultText,
      expected,
      fits: (value) => accept(value) !== undefined,
    }),
    ...(name === "learningRate" ? { alias: "lr" } : {}),
  };
}

function written(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
