// Kernels of the memory that all workers share. Each worker runs them on its own slice of the flat vectors.
export { add } from "./shared/add";
export { sgd } from "./shared/sgd";
export { adam } from "./shared/adam";
export { finite } from "./shared/finite";
