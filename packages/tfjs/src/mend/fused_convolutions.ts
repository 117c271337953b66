import type { NamedAttrMap, Rank, Tensor } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "@convoy/core/engine";

type Fused = TensorFlow["fused"];
type Operation = "conv2d" | "depthwiseConv2d";
type Settings = Parameters<Fused["conv2d"]>[0];

/**
 * Puts ours in place of `tf.fused.conv2d` and `tf.fused.depthwiseConv2d`, which tfjs-layers calls. While gradients are
 * taken, tfjs's own split up a convolution with an activation, take all gradients of one without, wanted or not, and refuse
 * dilations. Ours run the fused kernel, which has a gradient of its own (gradients/fused_conv2d.ts). Whatever they are not
 * made for goes to tfjs's own: other backends, other activations, plain arrays, wrong arguments.
 *
 * Where the object cannot be changed, as in some bundles for the browser, tfjs's own stay.
 *
 * @returns what takes it back
 */
export function registerFusedConvolutions(tf: TensorFlow): () => void {
  const fused = tf.fused as unknown as Record<Operation, Fused["conv2d"]>;
  const put = (name: Operation, kernelName: string): (() => void) => {
    const stock = fused[name];
    if (Object.getOwnPropertyDescriptor(fused, name)?.writable !== true) return () => {};
    fused[name] = ((settings) => ours(tf, kernelName, settings) ?? stock(settings)) as Fused["conv2d"];
    return () => {
      fused[name] = stock;
    };
  };
  const undo = [put("conv2d", "FusedConv2D"), put("depthwiseConv2d", "FusedDepthwiseConv2D")];
  return () => {
    for (const step of undo) step();
  };
}

function ours(tf: TensorFlow, kernelName: string, settings: Settings): Tensor | undefined {
  const { x, filter, bias, strides, pad, dimRoundingMode } = settings;
  // tfjs-layers gives null.
  const activation = settings.activation ?? "linear";
  const engine = tf.engine();
  if (tf.getBackend() !== "wasm") return undefined;
  if (activation !== "linear" && activation !== "relu") return undefined;
  if (!isFloats(tf, x) || !isFloats(tf, filter) || (bias !== undefined && bias !== null && !isFloats(tf, bias))) {
    return undefined;
  }
  const { dataFormat = "NHWC", dilations = 1 } = settings;
  const channelsFirst = dataFormat === "NCHW";
  const images = x.rank === 3 ? tf.reshape<Rank.R4>(x, [1, ...x.shape] as [number, number, number, number]) : x;
  const channels = images.shape[channelsFirst ? 1 : 3];
  if (images.rank !== 4 || filter.rank !== 4 || filter.shape[2] !== channels) return undefined;
  if (!tf.backend_util.eitherStridesOrDilationsAreOne(strides, dilations)) return undefined;
  const filters = kernelName === "FusedConv2D" ? filter.shape[3] : filter.shape[3] * channels;
  // A bias of another shape is for tfjs to spread, or to refuse.
  if (bias && (bias.rank !== 1 || bias.shape[0] !== filters)) return undefined;
  // Windows of a size that the pads do not allow, likewise.
  if (dimRoundingMode !== undefined && typeof pad === "string") return undefined;
  const attributes = { strides, pad, dataFormat, dilations, dimRoundingMode, activation };
  const inputs = { x: images, filter, ...(bias && { bias }) } as Record<string, Tensor>;
  const y: Tensor = engine.runKernel(kernelName, inputs, attributes as NamedAttrMap);
  return x.rank === 3 ? tf.reshape(y, y.shape.slice(1)) : y;
}

function isFloats(tf: TensorFlow, value: unknown): value is Tensor {
  return value instanceof tf.Tensor && value.dtype === "float32";
}
