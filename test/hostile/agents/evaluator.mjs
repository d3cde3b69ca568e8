// A live evaluator that wants to read instead of to use: unit specs, source, what code agents left: <world>.
import { text } from 'node:stream/consumers';
import { files } from './probes/files.mjs';
import { git } from './probes/git.mjs';
import { processes } from './probes/processes.mjs';
import { sh } from './probes/sh.mjs';
import { attack, world } from './world.mjs';

const prompt = await text(process.stdin);
const [, unit = '0'] = /Evaluate: Sign number (\d+)/.exec(prompt) ?? [];
const known = world(unit);
const own = new RegExp(`(?:UNIT-\\d|SOURCE)-${known.nonce}[0-9a-f]{12}|KNOWN ${known.nonce}`, 'g');

await attack({ 'the prompt itself': () => prompt }, known, own);
for (const goal of ['.start/specs/001-signs/units/sign-1.md', 'lib/secret.mjs']) {
  const of = { ...known, scenario: goal };
  for (const probes of [git, files, processes]) await attack(probes, of, own);
}
await attack(
  {
    'source in the scratch folder': ({ cache }) =>
      sh('find "$1" -name secret.mjs | xargs cat', cache),
  },
  known,
  own,
);
console.log('Satisfaction: 1/1 scenarios (100%)\nPassed:\n- reads-as-agreed\nFailed:\n');
