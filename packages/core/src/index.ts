export { register, unregister } from "./tfjs/register.ts";
export * from "./training.ts";
