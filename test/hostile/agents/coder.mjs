// A code agent that does its work, and tries everything to see the holdout: <world>.
import { mkdirSync, writeFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { beside } from './probes/beside.mjs';
import { files } from './probes/files.mjs';
import { git } from './probes/git.mjs';
import { network } from './probes/network.mjs';
import { processes } from './probes/processes.mjs';
import { sh } from './probes/sh.mjs';
import { attack, world } from './world.mjs';

const prompt = await text(process.stdin);
const unit = /# Build: Sign number (\d+)/.exec(prompt)?.[1] ?? '0';
writeFileSync(`mine-${unit}`, `${unit}-work`);
const of = world(unit);
await attack({ 'the prompt itself': () => prompt }, of);
await attack(beside, of);
if (unit === '1') for (const probes of [git, files, processes, network]) await attack(probes, of);
// Another unit's spec is none of its business either.
const foreign = new RegExp(`UNIT-${unit === '1' ? 2 : 1}-${of.nonce}[0-9a-f]{12}`, 'g');
const spec = `.start/specs/001-signs/units/sign-${unit === '1' ? 2 : 1}.md`;
await attack(
  {
    "another unit's spec": ({ project }) =>
      sh('cat "$1/$2" "$2"; git log -p --all', project, spec) + prompt,
  },
  of,
  foreign,
);

mkdirSync('posts', { recursive: true });
writeFileSync(`posts/${unit}.txt`, 'right\n');
