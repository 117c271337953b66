export { TfjsError } from "./errors.ts";
export { register, unregister } from "./mend/register.ts";
