// What piscina runs in the threads of a compiled tfjs-layers model; a task names one of these.
export { evaluate } from "./evaluate.ts";
export { prepare } from "./prepare.ts";
export { train } from "./train.ts";
