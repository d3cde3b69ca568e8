// Keeps the map in ARCHITECTURE.md equal to the table that the linter enforces. `--check` only compares.
import { readFileSync, writeFileSync } from 'node:fs';

const file = new URL('../ARCHITECTURE.md', import.meta.url);
const rooms = JSON.parse(readFileSync(new URL('rooms.json', import.meta.url), 'utf8'));
const [open, close] = ['<!-- rooms -->', '<!-- /rooms -->'];

const rows = Object.entries(rooms).map(([room, { holds, may }]) => {
  const allowed = may.includes('*') ? 'every room' : may.map((name) => `\`${name}\``).join(', ');
  return `| [\`src/${room}/\`](src/${room}/) | ${holds} | ${allowed || 'nothing'} |`;
});
const map = [
  open,
  '',
  '| room | what lives here | may import |',
  '| --- | --- | --- |',
  ...rows,
  '',
  close,
];

const text = readFileSync(file, 'utf8');
const [before, rest] = text.split(open);
const after = rest?.split(close)[1];
if (after === undefined) throw new Error(`ARCHITECTURE.md needs ${open} and ${close}`);
const made = before + map.join('\n') + after;

if (made !== text) {
  if (process.argv.includes('--check')) {
    console.error(
      'ARCHITECTURE.md does not show the rooms as they are: run `node scripts/rooms-map.js`.',
    );
    process.exitCode = 1;
  } else writeFileSync(file, made);
}
