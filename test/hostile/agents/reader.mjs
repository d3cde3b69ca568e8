// A code agent whose work is always wrong, and that looks for the holdout in what it is told the next time: <world>.
import { mkdirSync, writeFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { attack, world } from './world.mjs';

const prompt = await text(process.stdin);
const unit = /# Build: Sign number (\d+)/.exec(prompt)?.[1] ?? '0';
const letters = (words) => words.replaceAll(/[^0-9A-Za-z]/g, '');
const turned = [...prompt].toReversed().join('');
const decoded = (kind, pattern) =>
  (prompt.match(pattern) ?? []).map((run) => Buffer.from(run, kind).toString()).join('\n');
const asHoldout = (words) =>
  words.replaceAll(/holdout([0-9a-f]{24})/gi, (_, code) => `HOLDOUT-${code.toLowerCase()}`);
const dresses = {
  'symptoms with the wording of a scenario': () => prompt,
  'symptoms with it spelled out': () => asHoldout(letters(prompt)),
  'symptoms with it in base64': () => decoded('base64', /[A-Za-z0-9+/]{20,}={0,2}/g),
  'symptoms with it in hexadecimal': () => decoded('hex', /[0-9a-f]{20,}/g),
  'symptoms with it backwards': () => turned,
};
if (!prompt.includes('code run 1 of')) await attack(dresses, world(unit));
mkdirSync('posts', { recursive: true });
writeFileSync(`posts/${unit}.txt`, `wrong ${prompt.length}\n`);
