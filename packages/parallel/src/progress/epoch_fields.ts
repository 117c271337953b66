import type { LayersEpochEvent } from "../compiled/events.ts";
import type { EpochEvent, EvaluationEvent, ValidationEvent } from "../fit/events.ts";
import { duration, grouped, percent } from "./numbers.ts";

/** One value of an epoch, as a table and a line of text show it. */
export interface EpochField {
  /** Heads its column. */
  readonly title: string;
  readonly text: string;
  /** Characters that the text takes at most, so that columns stay in place. */
  readonly width: number;
  /** The fields with the lowest numbers are left out first where there is no room for all. */
  readonly missed: number;
  /** What a line of text says of it, if anything. */
  readonly plain: string | undefined;
}

/** What became known of an epoch. */
export interface EpochEvents {
  readonly epoch: EpochEvent;
  readonly validation: ValidationEvent | undefined;
  readonly evaluation: EvaluationEvent | undefined;
}

/** @param epochs of the whole run */
export function epochFields({ epoch, validation, evaluation }: EpochEvents, epochs: number): EpochField[] {
  return [
    numberField(epoch.epoch, epochs),
    lossField("loss", epoch.loss, 7, true),
    shareField("train", epoch.trainAccuracy, 5),
    ...(validation === undefined
      ? []
      : [
          lossField("validation loss", validation.validationLoss, 2, false),
          shareField("validation", validation.validationAccuracy, 6),
        ]),
    ...(evaluation === undefined
      ? []
      : [lossField("test loss", evaluation.testLoss, 1, false), shareField("test", evaluation.testAccuracy, 8)]),
    speedField("images/s", epoch.imagesPerSecond),
    timeField(epoch.seconds),
  ];
}

/** The same of a compiled tfjs-layers model, whose loss and metrics have names of their own. */
export function layersEpochFields(event: LayersEpochEvent, epochs: number): EpochField[] {
  const names = Object.keys(event.logs);
  return [
    numberField(event.epoch, epochs),
    ...names.map((name, i) => lossField(name, event.logs[name], 5 + names.length - i, true)),
    speedField("samples/s", event.samplesPerSecond),
    timeField(event.seconds),
  ];
}

function numberField(epoch: number, epochs: number): EpochField {
  const width = String(epochs).length;
  const text = `${String(epoch).padStart(width)}/${epochs}`;
  return { title: "epoch", text, width: 2 * width + 1, missed: Infinity, plain: `epoch ${text}` };
}

function lossField(title: string, loss: number, missed: number, isPlain: boolean): EpochField {
  const text = lossText(loss);
  return { title, text, width: 7, missed, plain: isPlain ? `${title} ${text}` : undefined };
}

/** At most seven letters. */
export function lossText(loss: number): string {
  return Math.abs(loss) < 999.9995 ? loss.toFixed(3) : loss.toExponential(1);
}

function shareField(title: string, share: number, missed: number): EpochField {
  const text = percent(share);
  return { title, text, width: 8, missed, plain: `${title} ${text.padStart(7)}` };
}

function speedField(title: string, perSecond: number): EpochField {
  const text = grouped(perSecond);
  return { title, text, width: 7, missed: 3, plain: `${text.padStart(6)} ${title}` };
}

function timeField(seconds: number): EpochField {
  const text = duration(seconds);
  return { title: "time", text, width: 7, missed: 4, plain: text.padStart(6) };
}
