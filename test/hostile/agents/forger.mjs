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
  const forgery = name.replaceAll('+', ' ');
  try {
    await forgeries[forgery](world(unit));
    console.log(JSON.stringify({ forgery, acted: true }));
  } catch (error) {
    console.log(JSON.stringify({ forgery, acted: false, why: error.message }));
  }
}
