import { type Tensor, tensor } from "./tensor.ts";

/**
 *     y[n, k] = bias[k] + Σ_i x[n, i] · kernel[i, k]
 *
 * Shape: x [N, I], kernel [I, K], bias [K] → y [N, K]
 */
export function dense(x: Tensor, kernel: Tensor, bias: Tensor | undefined): Tensor {
  const [images, inputs] = x.shape;
  const units = kernel.shape[1];
  const y = tensor([images, units]);
  for (let n = 0; n < images; n++) {
    for (let k = 0; k < units; k++) {
      let sum = bias === undefined ? 0 : bias.data[k];
      for (let i = 0; i < inputs; i++) sum += x.data[n * inputs + i] * kernel.data[i * units + k];
      y.data[n * units + k] = sum;
    }
  }
  return y;
}

/**
 *     dx[n, i] = Σ_k dy[n, k] · kernel[i, k]      dkernel[i, k] = Σ_n x[n, i] · dy[n, k]      dbias[k] = Σ_n dy[n, k]
 */
export function denseGradients(x: Tensor, kernel: Tensor, dy: Tensor): { dx: Tensor; dKernel: Tensor; dBias: Tensor } {
  const [images, inputs] = x.shape;
  const units = kernel.shape[1];
  const dx = tensor(x.shape);
  const dKernel = tensor(kernel.shape);
  const dBias = tensor([units]);
  for (let n = 0; n < images; n++) {
    for (let k = 0; k < units; k++) {
      const d = dy.data[n * units + k];
      dBias.data[k] += d;
      for (let i = 0; i < inputs; i++) {
        dx.data[n * inputs + i] += d * kernel.data[i * units + k];
        dKernel.data[i * units + k] += d * x.data[n * inputs + i];
      }
    }
  }
  return { dx, dKernel, dBias };
}
