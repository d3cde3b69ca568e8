import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { statusJson, StatusJson, statusText, unstarted } from '../../src/report/index.ts';
import { escalated, firstGroup, plan, unit, viewOf } from './rig.ts';

const unmeasured = { priority: 'P1', sealed: false, attempts: null, flaky: false };
const solid = { attempts: { passed: 3, total: 3 }, flaky: false };

describe('status', () => {
  it('is the contract as JSON', () => {
    const json = StatusJson.parse(statusJson(viewOf(escalated)));
    expect(json).toMatchObject({
      spec: '001-bookshelf',
      title: 'A bookshelf service',
      status: 'in_progress',
      threshold: 0.9,
      maxIterations: 3,
      branch: 'factory/001-bookshelf',
      group: 2,
      question: { subject: 'api', kind: 'inconclusive' },
    });
    expect(
      json.units.map(({ id, status, iteration, satisfaction, costUsd }) => [
        id,
        status,
        iteration,
        satisfaction,
        costUsd,
      ]),
    ).toEqual([
      ['shelf', 'completed', 2, 1, 0.35],
      ['search', 'completed', 1, 1, 0.1],
      ['api', 'escalated', 1, 0, null],
    ]);
    expect(json.units[0]?.scenarios).toEqual([
      { name: 'add-book', outcome: 'passed', priority: 'P1', sealed: false, ...solid },
      { name: 'delete-book', outcome: 'passed', priority: 'P1', sealed: false, ...solid },
    ]);
  });

  it('knows the answer that a paused run will take', () => {
    const { question } = statusJson(viewOf(escalated));
    if (question === null) throw new Error('nothing is asked');
    const paused = viewOf([
      ...escalated,
      { type: 'question.asked', question },
      { type: 'run.paused' },
    ]);
    const left = [{ subject: question.subject, decision: { kind: 'abort' as const } }];
    expect(statusJson({ ...paused, left })).toMatchObject({
      question: null,
      answered: [{ subject: 'api', decision: { kind: 'abort' } }],
    });
  });

  it('of a spec that was never run has no branch, no iteration, no measurement', () => {
    const json = StatusJson.parse(statusJson(unstarted(plan())));
    expect(json).toMatchObject({ status: 'pending', branch: null, group: null, question: null });
    expect(json.units[0]).toEqual({
      id: 'shelf',
      title: 'Shelf',
      status: 'pending',
      iteration: 0,
      satisfaction: null,
      scenarios: [
        { name: 'add-book', outcome: null, ...unmeasured },
        { name: 'delete-book', outcome: null, ...unmeasured },
      ],
      sealed: null,
      symptoms: [],
      costUsd: 0,
    });
  });

  it('is a table for people', () => {
    expect(statusText(viewOf(escalated), { working: null, columns: 100 }))
      .toBe(`001-bookshelf: A bookshelf service
in_progress · 90% needed · at most 3 iterations · branch factory/001-bookshelf · group 2 of 2
nothing runs: the last run was interrupted; go on with: implement-factory run 001-bookshelf

unit    status     iteration  satisfaction  scenarios                 cost     title
shelf   completed  2 of 3     100%          2 passed                  $0.35    Shelf
search  completed  1 of 3     100%          1 passed                  $0.10    本棚を検索
api     escalated  1 of 3     0%            0 passed, 1 inconclusive  unknown  HTTP | API

cost $0.45 + unknown (1 run) · 0:31 between first and last event

? api: 1 of 1 scenarios have no trustworthy check (0 passed)
    implement-factory decide 001-bookshelf api --recheck health
    implement-factory decide 001-bookshelf api --retry "<guidance>"
    implement-factory decide 001-bookshelf api --skip
    implement-factory decide 001-bookshelf api --abort
`);
  });

  it('says when a process is at work', () => {
    const text = statusText(viewOf(firstGroup), { working: { pid: 7, host: 'box' }, columns: 100 });
    expect(text).toContain('a run is at work: process 7 on box');
  });

  it('aligns wide characters and cuts to the terminal', () => {
    const units = [unit('短い', '一', ['s']), unit('longer-name', 'two', ['s'])];
    const groups = [{ number: 1, mode: 'parallel' as const, units: units.map(({ id }) => id) }];
    const lines = statusText(unstarted(plan({ units, groups })), {
      working: null,
      columns: 40,
    }).split('\n');
    const rows = lines.filter((line) => /^(短い|longer-name)/u.test(line));
    expect(rows.map((row) => stringWidth(row.slice(0, row.indexOf('pending'))))).toEqual([13, 13]);
    expect(rows.every((row) => stringWidth(row) <= 40)).toBe(true);
    expect(rows[0]?.endsWith('…')).toBe(true);
  });
});
