const colours: Readonly<Record<string, string>> = {
  31: "#f47067",
  32: "#57ab5a",
  33: "#c69026",
  34: "#539bf5",
  36: "#39c5cf",
  90: "#768390",
};
const plain = "#cdd9e5";
const cell = { width: 8.43, height: 19 };
const margin = 18;
const titleBar = 34;
const sequence = new RegExp(`(${String.fromCodePoint(27)}\\[[\\d;]*m)`);

interface ColouredText {
  readonly text: string;
  readonly colour: string;
  readonly column: number;
}

/** Draws what a terminal shows as an SVG. Sequences other than colours are left out. */
export function terminalPicture(lines: readonly string[]): string {
  const drawn = lines.map(runsOf);
  const columns = Math.max(60, ...drawn.map((runs) => runs.reduce((sum, { text }) => sum + text.length, 0)));
  const width = Math.ceil(columns * cell.width + 2 * margin);
  const height = titleBar + lines.length * cell.height + margin;
  const spans = drawn.flatMap((runs, row) => runs.map((run) => span(run, row)));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<rect width="100%" height="100%" rx="9" fill="#22272e"/>
<circle cx="20" cy="17" r="6" fill="#f47067"/><circle cx="40" cy="17" r="6" fill="#c69026"/><circle cx="60" cy="17" r="6" fill="#57ab5a"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14">
${spans.join("\n")}
</g>
</svg>
`;
}

/** A line in runs of one colour. */
function runsOf(line: string): ColouredText[] {
  const runs: ColouredText[] = [];
  let colour = plain;
  let column = 0;
  for (const part of line.split(sequence)) {
    if (sequence.test(part)) {
      for (const code of part.slice(2, -1).split(";")) {
        colour = code === "" || code === "0" || code === "39" ? plain : (colours[code] ?? colour);
      }
    } else if (part !== "") {
      runs.push({ text: part, colour, column });
      column += part.length;
    }
  }
  return runs;
}

function span({ text, colour, column }: ColouredText, row: number): string {
  const x = (margin + column * cell.width).toFixed(2);
  const y = titleBar + (row + 1) * cell.height - 5;
  // The length keeps columns in line, whatever monospaced font there is.
  const length = (text.length * cell.width).toFixed(2);
  return `<text x="${x}" y="${y}" fill="${colour}" textLength="${length}" xml:space="preserve">${escaped(text)}</text>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
