import { PeopleReporter } from "../apps/trainer/src/progress/people_reporter.ts";
import type { RunDescription, RunEnd } from "../apps/trainer/src/progress/run_description.ts";
import type { RunEvent } from "../apps/trainer/src/progress/reporter.ts";

/** An event of the trainer as `--json` writes it; of which kind shows in its name. */
// oxlint-disable-next-line typescript/no-explicit-any -- what it wrote is what the reporter takes
export type RecordedEvent = Readonly<Record<string, any>>;

const columns = 84;
const escape = String.fromCodePoint(27);
/** A bar, which the next text erases. */
const bar = new RegExp(`[^\\n]*\\r${escape}\\[J`, "g");
const cursor = new RegExp(`${escape}\\[\\?25[lh]`, "g");

/** What a terminal of a run shows at its end, from the events that its process wrote. */
export function shownRun(events: readonly RecordedEvent[]): string[] {
  let text = "";
  const output = { isTerminal: true, columns, colorDepth: 8, write: (more: string) => void (text += more) };
  const reporter = new PeopleReporter(output, false);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the trainer wrote it
  const evaluation = events.findLast(({ event }) => event === "evaluation") as RunEnd["evaluation"];
  for (const event of events) {
    if (event["event"] === "start") reporter.begin(descriptionOf(event));
    if (event["event"] === "end") reporter.end(endOf(event, events[0], evaluation));
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the trainer wrote it
    else reporter.event(event as unknown as RunEvent);
  }
  return text.replaceAll(cursor, "").replaceAll(bar, "").trimEnd().split("\n");
}

function descriptionOf(start: RecordedEvent): RunDescription {
  const { dataset: name, testImages, runDir, dataSource, dataSha256, model, optimizer, normalization, kernels } = start;
  const images = { images: new Uint8Array(0), shape: [28, 28, 1], normalization } as const;
  return {
    dataset: {
      name,
      classes: 10,
      classNames: Array.from("0123456789"),
      train: { ...images, labels: new Uint8Array(0) },
      test: { ...images, labels: new Uint8Array(testImages) },
      source: dataSource,
      verified: true,
    },
    dataSource,
    dataFolder: undefined,
    dataSha256,
    model,
    optimizer,
    normalization,
    kernels,
    runFolder: { path: runDir, name: runDir },
    initialWeights: undefined,
    resumedFrom: undefined,
  };
}

function endOf(end: RecordedEvent, { runDir }: RecordedEvent, evaluation: RunEnd["evaluation"]): RunEnd {
  const { epochs, steps, seconds, imagesPerSecond, weightsSha256, reached, weightsFile } = end;
  return {
    epochs,
    steps,
    seconds,
    imagesPerSecond,
    weightsSha256,
    evaluation,
    best: undefined,
    reached,
    stoppedBy: undefined,
    weightsFile: { path: weightsFile, name: weightsFile },
    runFolder: { path: runDir, name: runDir },
    resumedFrom: undefined,
  };
}
