// What piscina runs in its threads; a task names one of these.
export { evaluate } from "./evaluate.ts";
export { prepare } from "./prepare.ts";
export { start } from "./start.ts";
export { train } from "./train.ts";
