#!/usr/bin/env node
import { existsSync } from 'node:fs';

const built = new URL('../dist/bundle/main.mjs', import.meta.url);
if (existsSync(built)) {
  const { main } = await import(built.href);
  process.exitCode = await main(process);
} else {
  console.error('implement-factory is not built: run `npm ci` (or `npm run build`) in its folder.');
  process.exitCode = 70;
}
