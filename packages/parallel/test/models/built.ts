// A module that builds and compiles the model itself.
export { build as default } from "./doubling.ts";
