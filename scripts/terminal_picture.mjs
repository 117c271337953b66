// Draws what a terminal shows as an SVG: text with SGR colours on standard input, the picture on standard output.
//
//   tmux capture-pane -t pane -p -e | node scripts/terminal_picture.mjs > docs/images/trainer.svg

import { text } from "node:stream/consumers";

const colours = {
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

/** A line in runs of one colour. Sequences other than colours are left out. */
function runsOf(line) {
  const runs = [];
  let colour = plain;
  let column = 0;
  for (const part of line.split(sequence)) {
    if (sequence.test(part)) {
      for (const code of part.slice(2, -1).split(";")) {
        if (code === "" || code === "0" || code === "39") colour = plain;
        else colour = colours[code] ?? colour;
      }
    } else if (part !== "") {
      runs.push({ text: part, colour, column });
      column += [...part].length;
    }
  }
  return runs;
}

const escape = (value) => value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

const lines = (await text(process.stdin)).trimEnd().split("\n");
const columns = Math.max(60, ...lines.map((line) => runsOf(line).reduce((sum, run) => sum + [...run.text].length, 0)));
const width = Math.ceil(columns * cell.width + 2 * margin);
const height = titleBar + lines.length * cell.height + margin;
const spans = lines.flatMap((line, row) =>
  runsOf(line).map((run) => {
    const x = (margin + run.column * cell.width).toFixed(2);
    const y = titleBar + (row + 1) * cell.height - 5;
    const length = ([...run.text].length * cell.width).toFixed(2);
    // The length keeps columns in line, whatever monospaced font there is.
    return `<text x="${x}" y="${y}" fill="${run.colour}" textLength="${length}" xml:space="preserve">${escape(run.text)}</text>`;
  }),
);
process.stdout
  .write(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<rect width="100%" height="100%" rx="9" fill="#22272e"/>
<circle cx="20" cy="17" r="6" fill="#f47067"/><circle cx="40" cy="17" r="6" fill="#c69026"/><circle cx="60" cy="17" r="6" fill="#57ab5a"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14">
${spans.join("\n")}
</g>
</svg>
`);
