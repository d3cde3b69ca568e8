// Loaded into a measured process: its resident memory, on descriptor 3 when it ends, as `{ peakKiB, samples: [[at, bytes], …] }`, `at` in ms
// since the epoch.
const { writeSync } = require('node:fs');

const EVERY_MS = 250;

const samples = [];
setInterval(() => samples.push([Date.now(), process.memoryUsage.rss()]), EVERY_MS).unref();
process.on('exit', () => {
  writeSync(3, JSON.stringify({ peakKiB: process.resourceUsage().maxRSS, samples }));
});
