// Kernels for tfjs's own operations. They run in the memory of its backend, and know no planned step.
export { fillZero } from "@convoy/core/assembly/step/fill";
export * from "./tfjs/index";
