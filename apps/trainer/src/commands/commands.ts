import type { Command } from "./command.ts";
import { doctor } from "./doctor.ts";
import { evaluate } from "./evaluate.ts";
import { predict } from "./predict.ts";
import { profile } from "./profile.ts";
import { start } from "./start.ts";
import { summary } from "./summary.ts";
import { verify } from "./verify.ts";

/** All commands, in the order in which one meets them. */
export const commands: readonly Command[] = [start, evaluate, predict, summary, profile, verify, doctor];
