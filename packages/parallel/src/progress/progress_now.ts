import type { LayersProgressEvent, LayersStartEvent } from "../compiled/events.ts";
import type { ProgressEvent, StartEvent } from "../fit/events.ts";

/** Where the epoch under way is: the same for both kinds of `fit`. */
export interface ProgressNow {
  readonly epoch: number;
  /** Minibatches done. */
  readonly step: number;
  /** Of the epoch so far: images or samples a second, mean loss, share of the images classified right. */
  readonly perSecond: number;
  readonly loss: number;
  readonly accuracy: number | undefined;
}

/** Threads start up: the bar is there, empty. */
export function atStart(start: StartEvent | LayersStartEvent): ProgressNow {
  const done = "resumedFrom" in start ? (start.resumedFrom?.epoch ?? 0) : 0;
  return { epoch: Math.min(done + 1, start.epochs), step: 0, perSecond: 0, loss: 0, accuracy: undefined };
}

type Epoch = ImagesEpoch | LayersEpoch;
type ImagesEpoch = Pick<ProgressEvent, "epoch" | "step" | "imagesPerSecond" | "loss" | "trainAccuracy">;
type LayersEpoch = Pick<LayersProgressEvent, "epoch" | "step" | "samplesPerSecond" | "logs">;

export function progressNow(event: Epoch): ProgressNow {
  const { epoch, step } = event;
  if (!("logs" in event)) {
    const { imagesPerSecond: perSecond, loss, trainAccuracy: accuracy } = event;
    return { epoch, step, perSecond, loss, accuracy };
  }
  // Whatever other metrics there are, they wait for the table.
  const { loss, acc: accuracy } = event.logs;
  return { epoch, step, perSecond: event.samplesPerSecond, loss, accuracy };
}
