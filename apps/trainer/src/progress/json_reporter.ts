import { escapeControls } from "@convoy/core/training";
import type { Output } from "@convoy/parallel/progress";
import type { Reporter } from "./reporter.ts";
import type { RunDescription } from "./run_description.ts";

/** Standard output, or a file. */
export type JsonOutput = Pick<Output, "write">;

/** Writes a run as one JSON object a line. The names of the fields are a contract: they stay. */
export function jsonReporter(output: JsonOutput): Reporter {
  let run: RunDescription | undefined;
  return {
    begin: (description) => {
      run = description;
    },
    event: (event) => {
      switch (event.event) {
        case "start": {
          const { event: name, optimizer, ...rest } = event;
          const { dataset, dataSha256, model, kernels, normalization, runFolder, initialWeights } = run!;
          writeJson(output, {
            event: name,
            dataset: dataset.name,
            model,
            ...rest,
            kernels,
            optimizer,
            normalization,
            dataSource: dataset.source,
            dataSha256,
            runDir: runFolder.path,
            ...(initialWeights === undefined
              ? {}
              : { initFrom: { ...initialWeights.origin, ...initialWeights.report } }),
          });
          break;
        }
        case "progress":
          // For bars only.
          break;
        default:
          writeJson(output, event);
      }
    },
    end: ({ evaluation, best, reached, stoppedBy, weightsFile, ...end }) => {
      const { epochs, steps, seconds, imagesPerSecond, weightsSha256 } = end;
      writeJson(output, {
        event: "end",
        epochs,
        steps,
        seconds,
        imagesPerSecond,
        weightsSha256,
        testAccuracy: evaluation?.testAccuracy,
        ...(best === undefined ? {} : { best: { ...best, file: best.file.path } }),
        ...(reached === undefined ? {} : { reached }),
        stopped: stoppedBy !== undefined,
        weightsFile: weightsFile.path,
      });
    },
    // The `checkpoint` event said it.
    failed: () => {},
    close: () => {},
  };
}

/**
 * One line of JSON. What a terminal could obey is written as \u…, which means the same; a text longer than any path is cut.
 */
export function writeJson(output: JsonOutput, value: object): void {
  const json = JSON.stringify(value, (_, part: unknown) =>
    typeof part === "string" && part.length > longestText ? `${part.slice(0, longestText)}...` : part,
  );
  output.write(`${escapeControls(json)}\n`);
}

/** Windows has paths of so many characters; Linux has shorter ones. */
const longestText = 32_767;
