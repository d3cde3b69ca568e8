// A code agent that forges: <world> <names of forgeries, each with + for its blanks>… Its first work is wrong, its second right.
import { mkdirSync, writeFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { forgeries } from './forgeries.mjs';
import { world } from './world.mjs';

const prompt = await text(process.stdin);
const unit = /# Build: Sign number (\d+)/.exec(prompt)?.[1] ?? '0';
const first = prompt.includes('code run 1 of');
mkdirSync('posts', { recursive: true });
writeFileSync(`posts/${unit}.txt`, first ? 'wrong\n' : 'right\n');
for (const name of first ? process.argv.slice(3) : []) {
  try {
    forgeries[name.replaceAll('+', ' ')](world(unit));
  } catch (error) {
    console.log(`${name}: ${error.message}`);
  }
}
