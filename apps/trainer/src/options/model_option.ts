import { networks, type NetworkFactory } from "@convoy/core/training";
import { UsageError } from "../errors.ts";
import { nearestName } from "./nearest_name.ts";
import type { Option } from "./option.ts";
import { shown } from "./shown.ts";

/** The network of the seed program has a short name as well. */
const aliases: ReadonlyMap<string, string> = new Map([["seed", "seed-cnn"]]);

/** A ready-made network and its name. */
export interface NetworkChoice {
  readonly name: string;
  readonly build: NetworkFactory;
}

/** @param initial the network of who names none */
export function networkOption<Initial extends NetworkChoice | undefined>(
  initial: Initial,
): Option<NetworkChoice | Initial> {
  const names = Object.keys(networks);
  return {
    placeholder: `<${names.join("|")}>`,
    description: `ready-made network; "seed" is short for seed-cnn`,
    ...(initial === undefined ? {} : { defaultText: initial.name }),
    initial,
    parse: (text, option) => {
      const name = aliases.get(text) ?? text;
      if (Object.hasOwn(networks, name)) return { name, build: networks[name] };
      const near = nearestName(text, names);
      throw new UsageError(
        "OPTION_VALUE",
        `${option} must be one of ${names.join(", ")}; got ${shown(text)}.` +
          (near === undefined ? "" : ` Did you mean ${near}?`),
      );
    },
  };
}

export const seedNetwork: NetworkChoice = { name: "seed-cnn", build: networks["seed-cnn"] };
