/**
 * One option of a layer, an optimizer, `fit` or a command: what it means and which values it takes. Its name is its key in a
 * table of options. Types, defaults, messages and help are derived from it.
 */
export interface Option<Value = unknown, Given = Value, Needed extends boolean = boolean> {
  /** What it means, in a few words without a capital: "step of the window". */
  readonly help: string;
  /** What a value must be, after "must be": "a whole number from 1 to 64". */
  readonly expected: string;
  /** How a value is written on a command line; undefined for what is no text. */
  readonly written: Written | undefined;
  /** Whether it must be given. */
  readonly needed: Needed;
  /** The value as it is kept, or undefined for one that it does not take. */
  readonly accept: (given: unknown) => Value | undefined;
  /** What counts where nothing is given. @param values the options before it in its table */
  readonly standard?: ((values: Readonly<Record<string, unknown>>) => unknown) | undefined;
  /** The default as help has it. */
  readonly standardText?: string | undefined;
  /** Never set. It says to the compiler what may be given. */
  readonly given?: Given;
}

export type Written = "whole number" | "number" | "flag" | readonly string[];

/** The options of one kind of thing, by name, in the order in which they are read and listed. */
export type OptionTable = Readonly<Record<string, Option>>;

/** What a table's options hold after they were read. */
export type OptionValues<Table extends OptionTable> = {
  readonly [Name in keyof Table]: Table[Name] extends Option<infer Value, unknown> ? Value : never;
};

type GivenTo<One> = One extends Option<unknown, infer Given> ? Given : never;

type NeededOptions<Table extends OptionTable> = {
  readonly [Name in keyof Table as Table[Name]["needed"] extends true ? Name : never]: GivenTo<Table[Name]>;
};

type OtherOptions<Table extends OptionTable> = {
  readonly [Name in keyof Table as Table[Name]["needed"] extends true ? never : Name]?:
    | GivenTo<Table[Name]>
    | undefined;
};

/** What may be given for a table. */
export type GivenOptions<Table extends OptionTable> = [keyof NeededOptions<Table>] extends [never]
  ? OtherOptions<Table>
  : NeededOptions<Table> & OtherOptions<Table>;

/** The arguments of a function that takes options: none need be given where none is needed. */
export type OptionArguments<Table extends OptionTable> = [keyof Table] extends [never]
  ? [options?: Readonly<Record<string, never>>]
  : Readonly<Record<string, never>> extends GivenOptions<Table>
    ? [options?: GivenOptions<Table>]
    : [options: GivenOptions<Table>];
