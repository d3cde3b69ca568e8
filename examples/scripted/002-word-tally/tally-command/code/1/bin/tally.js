#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { countText, plainText, topWords } from '../src/index.js';

const usage = `Usage: tally [options] [file ...]

Counts lines, words and characters; reads standard input without a file.

  --top <n>   the n most frequent words instead of the counts
  --plain     read the text as Markdown and count only what a reader sees
  --json      print one JSON value instead of a table
  --help      print this text`;

const options = {
  top: { type: 'string' },
  plain: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
};

function main(args) {
  // Not strict: the complaints below are ours, one line each.
  const { values, positionals, tokens } = parseArgs({
    args,
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const unknown = tokens.find(({ kind, name }) => kind === 'option' && !(name in options));
  if (unknown) return complain(2, `${unknown.rawName} is not an option`);
  const limit = Number(values.top ?? 1);
  if (values.top === true || !Number.isInteger(limit) || limit < 1) {
    return complain(2, '--top wants a whole number of at least 1');
  }
  if (values.help) return print(usage);

  const texts = read(positionals, values.plain ? plainText : (text) => text);
  if (values.top === undefined) printCounts(texts, values.json);
  else printWords(topWords(texts.map(({ text }) => text).join('\n'), limit), values.json);
}

function read(files, convert) {
  if (files.length === 0) return [{ file: null, text: convert(readFileSync(0, 'utf8')) }];
  return files.flatMap((file) => {
    try {
      return [{ file, text: convert(readFileSync(file, 'utf8')) }];
    } catch {
      complain(1, `${file}: cannot be read`);
      return [];
    }
  });
}

function printCounts(texts, json) {
  const rows = texts.map(({ file, text }) => ({ file, ...countText(text) }));
  if (json) return print(JSON.stringify(rows));
  const sum = (key) => rows.reduce((total, row) => total + row[key], 0);
  const total = {
    lines: sum('lines'),
    words: sum('words'),
    characters: sum('characters'),
    file: 'total',
  };
  for (const { lines, words, characters, file } of rows.length > 1 ? [...rows, total] : rows) {
    print([lines, words, characters, file ?? []].flat().join(' '));
  }
}

function printWords(ranked, json) {
  if (json) return print(JSON.stringify(ranked));
  for (const { word, count } of ranked) print(`${count} ${word}`);
}

function print(line) {
  process.stdout.write(`${line}\n`);
}

function complain(code, message) {
  process.stderr.write(`tally: ${message}\n`);
  process.exitCode = code;
}

main(process.argv.slice(2));
