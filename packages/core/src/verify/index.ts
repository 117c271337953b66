export { verifyKernels } from "./verify_kernels.ts";
