import { DatasetError } from "./errors.ts";
import { openIdx } from "./idx.ts";
import type { IdxHeader } from "./idx_header.ts";

/** Class of each image, as bytes in shared memory, and the whole uncompressed file. */
export interface IdxLabels {
  readonly labels: Uint8Array;
  readonly bytes: Uint8Array;
}

/** QMNIST describes each digit by so many numbers, of which the first is its class. */
const qmnistColumns = 8;

const readers: Readonly<Record<number, (view: DataView, at: number) => number>> = {
  0x08: (view, at) => view.getUint8(at),
  0x09: (view, at) => view.getInt8(at),
  0x0b: (view, at) => view.getInt16(at),
  0x0c: (view, at) => view.getInt32(at),
};

/**
 * Reads the labels of an IDX file: of any integers, one an image, or QMNIST's eight, whose first is the class.
 *
 * @throws DATASET_LABEL for one that is not from 0 to 255; what `readIdx` throws
 */
export async function readIdxLabels(file: string): Promise<IdxLabels> {
  const { header, bytes } = await openIdx(file, { role: "labels" });
  const { type, dimensions, headerBytes, elementBytes } = header;
  if (type === 0x08 && dimensions.length === 1) return { labels: bytes.subarray(headerBytes), bytes };
  const columns = columnsOf(header, file);
  const view = new DataView(bytes.buffer, bytes.byteOffset + headerBytes);
  const labels = new Uint8Array(new SharedArrayBuffer(dimensions[0]));
  for (let i = 0; i < labels.length; i++) {
    const label = readers[type](view, i * columns * elementBytes);
    if (label < 0 || label > 255) {
      throw new DatasetError(
        "DATASET_LABEL",
        `${file} gives image ${i} the label ${label}; labels go from 0 to 255. Number the classes from 0.`,
      );
    }
    labels[i] = label;
  }
  return { labels, bytes };
}

function columnsOf({ dimensions }: IdxHeader, file: string): number {
  const [, columns = 1] = dimensions;
  if (columns === 1 || columns === qmnistColumns) return columns;
  throw new DatasetError(
    "IDX_RANK",
    `${file} has ${columns} numbers for each image, expected 1, or the ${qmnistColumns} of QMNIST. Write the class alone.`,
  );
}
