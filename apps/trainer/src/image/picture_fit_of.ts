import type { PictureFit } from "@convoy/core/training";
import type { Environment } from "../environment.ts";
import type { TrainedNetwork } from "../runs/trained_network.ts";

/** How a picture is fitted for a network. What its file does not say is assumed, and told. */
export function pictureFitOf({ file, model, published }: TrainedNetwork, { stderr }: Environment): PictureFit {
  if (model.pictureFit !== undefined) return model.pictureFit;
  const [height, width, channels] = model.inputShape;
  const assumed = assumedFit(published, channels, Math.max(height, width));
  const words = Object.values(assumed).join(", ");
  stderr.write(`${file.name} does not say how pictures are fitted to its input; assumed: ${words}.\n`);
  return assumed;
}

function assumedFit(published: TrainedNetwork["published"], channels: number, longer: number): PictureFit {
  if (channels !== 1) return { fit: "cover" };
  if (published !== "mnist") return { fit: "contain", ground: "dark" };
  return { fit: "ink", ground: "dark", size: Math.round((20 / 28) * longer), center: "mass" };
}
