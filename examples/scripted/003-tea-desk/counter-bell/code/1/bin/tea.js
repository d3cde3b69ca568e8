#!/usr/bin/env node
import { formatPence, priceOf } from '../src/prices.js';
import { steepingTime } from '../src/steep.js';

const usage = `Usage:
  tea steep <kind> [cups]     how long it steeps
  tea price <tea> [cups]      what it costs
  tea --help`;

const commands = {
  steep: (kind, cups) => duration(steepingTime(kind, cups)),
  price: (tea, cups) => formatPence(priceOf(tea, cups)),
};

function main([name = '--help', ...args]) {
  if (name === '--help') return print(usage);
  if (!Object.hasOwn(commands, name)) return complain(2, `unknown command: ${name}`);
  if (args.length === 0) return complain(2, `${name} wants to know which tea`);
  if (args.length > 2) return complain(2, `${name} does not understand ${args[2]}`);
  const [what, cups = '1'] = args;
  try {
    print(commands[name](what, Number(cups)));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    complain(1, error.message);
  }
}

function duration(seconds) {
  const minutes = Math.floor(seconds / 60);
  const rest = seconds % 60;
  const parts = [minutes > 0 && `${minutes} min`, rest > 0 && `${rest} s`];
  return parts.filter(Boolean).join(' ');
}

function print(line) {
  process.stdout.write(`${line}\n`);
}

function complain(code, message) {
  process.stderr.write(`tea: ${message}\n`);
  process.exitCode = code;
}

main(process.argv.slice(2));
