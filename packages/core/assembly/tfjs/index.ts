export { conv2dBackpropFilter } from "./conv2d_backprop_filter";
export { maxPool2d, maxPool2dGradient, averagePool2d, averagePool2dGradient } from "./pool2d";
export { integerProduct } from "./integer_product";
export { product, productScratchBytes } from "./product";
export { reluVector } from "./relu";
export { sum } from "./sum";
