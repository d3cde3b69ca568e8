import { PassThrough } from 'node:stream';
import stringWidth from 'string-width';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createLiveReporter, liveView, multiplex, statusText } from '../../src/report/index.ts';
import { coded, escalated, firstGroup, journal, started, stateOf, unit, viewOf } from './rig.ts';

describe('the live view', () => {
  const screen = { columns: 80, rows: 10, elapsedMs: 62_000, color: false };

  it('shows who is at work first', () => {
    const state = stateOf([...firstGroup.slice(0, 6), ...coded('search').slice(0, 1)]);
    expect(liveView(state, screen)).toEqual([
      '001-bookshelf · A bookshelf service',
      '1:02 · 0 of 3 completed · cost $0.10 · group 1 of 2',
      '● search  coding      1/3          本棚を検索',
      '○ shelf   landed      1/3          Shelf',
      '· api     pending                  HTTP | API',
    ]);
  });

  it('says how many it does not show', () => {
    const frame = liveView(stateOf(escalated), { ...screen, rows: 1 });
    expect(frame.slice(2)).toEqual(['? api  escalated   1/3    0%    HTTP | API', '  +2 more']);
  });

  it.each([1, 5, 20, 40, 81])('fits %i columns, wide characters included', (columns) => {
    for (const color of [false, true]) {
      const frame = liveView(stateOf(escalated), { ...screen, columns, color });
      for (const line of frame) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
    }
  });

  it('has colour only when asked', () => {
    const state = stateOf(escalated);
    expect(liveView(state, screen).join('')).not.toContain('\u001B');
    expect(liveView(state, { ...screen, color: true }).join('')).toContain('\u001B');
  });

  it('stays one screen with 1,000 units', () => {
    const units = Array.from({ length: 1000 }, (_, at) => unit(`u${String(at)}`, 'x', ['s']));
    const groups = [{ number: 1, mode: 'parallel' as const, units: units.map(({ id }) => id) }];
    const frame = liveView(
      stateOf([
        started({ units, groups }),
        { type: 'group.started', group: 1 },
        ...coded('u999').slice(0, 1),
      ]),
      {
        ...screen,
        rows: 20,
      },
    );
    expect(frame).toHaveLength(23);
    expect(frame[2]).toContain('u999');
    expect(frame.at(-1)).toBe('  +980 more');
  });
});

describe('the live reporter', () => {
  const hide = '\u001B[?25l';
  const show = '\u001B[?25h';

  function terminal(clock = { ms: 0 }) {
    const stream = Object.assign(new PassThrough({ encoding: 'utf8' }), {
      columns: 80,
      rows: 24,
      isTTY: true,
    });
    const reporter = createLiveReporter({
      stream: stream as unknown as NodeJS.WriteStream,
      now: () => clock.ms,
      interval: 60_000,
      color: false,
    });
    onTestFinished(() => reporter.close());
    const publisher = multiplex([reporter], (_, error) => {
      throw error;
    });
    return { reporter, publisher, stream, written: () => String(stream.read() ?? '') };
  }

  it('keeps lines above the frame and gives the cursor back', () => {
    const { publisher, written } = terminal();
    for (const event of journal(firstGroup.slice(0, 12))) publisher.publish(event);
    const during = written();
    expect(during).toContain(hide);
    expect(during).toContain('group 1 (parallel): shelf, search\n');
    expect(during).toContain('shelf: satisfaction 50%');
    expect(during.indexOf('shelf: satisfaction 50%')).toBeLessThan(during.lastIndexOf('○ search'));
    publisher.close();
    expect(written().endsWith(show)).toBe(true);
  });

  it('counts down while the agents of a provider wait for its limit', () => {
    const clock = { ms: 0 };
    const { reporter, publisher, written } = terminal(clock);
    const limited = {
      agent: 'claude:opus',
      outcome: 'api_error',
      limited: { until: null },
    } as const;
    const usage = { costUsd: null, inputTokens: null, outputTokens: null };
    const until = new Date(Date.parse(journal(firstGroup)[5]!.at) + 90_000).toISOString();
    const events = journal([
      ...firstGroup.slice(0, 4),
      {
        type: 'infra.failed',
        operation: 'delivery',
        detail: 'refused',
        agent: { ...limited, usage, ms: 1, transcript: 't' },
      },
      { type: 'limit.waiting', provider: 'claude', until },
      { type: 'limit.lifted', provider: 'claude' },
    ]);
    for (const event of events.slice(0, -1)) publisher.publish(event);
    expect(written()).toContain('claude: its agents wait, 1:30 to go');
    const waiting = statusText(viewOf(events.slice(0, -1)), {
      working: { pid: 1, host: 'h' },
      columns: 80,
    });
    expect(waiting).toContain(`claude: its agents wait until ${until}`);
    clock.ms = 29_000;
    reporter.resume();
    expect(written()).toContain('claude: its agents wait, 1:01 to go');
    publisher.publish(events.at(-1)!);
    expect(written()).not.toContain('to go');
    expect(
      statusText(viewOf(events), { working: { pid: 1, host: 'h' }, columns: 80 }),
    ).not.toContain('wait until');
  });

  it('takes its broken lines away when the terminal was made narrower', () => {
    const { publisher, written, stream } = terminal();
    const events = journal(firstGroup);
    for (const event of events.slice(0, 3)) publisher.publish(event);
    written();
    stream.columns = 30;
    for (const event of events.slice(3, 4)) publisher.publish(event);
    // Five lines of up to 60 columns are more than five rows now; all of them go, and what is below.
    const rows = /\[(\d+)A/.exec(written())?.[1];
    expect(Number(rows)).toBeGreaterThan(5);
  });

  it('leaves the terminal to a prompt while it is paused', () => {
    const { reporter, publisher, written } = terminal();
    const events = journal(firstGroup);
    for (const event of events.slice(0, 3)) publisher.publish(event);
    reporter.pause();
    expect(written().endsWith(show)).toBe(true);
    for (const event of events.slice(3, 5)) publisher.publish(event);
    expect(written()).not.toContain('· 0 of 3 completed');
    reporter.resume();
    expect(written()).toContain('· 0 of 3 completed');
  });

  it('ends with the summary and no frame below it', () => {
    const { publisher, written } = terminal();
    publisher.publish(journal([started()])[0]!);
    written();
    publisher.publish({
      seq: 2,
      at: '2026-01-01T00:00:01.000Z',
      run: 'r1',
      type: 'run.finished',
      status: 'failed',
    });
    publisher.close();
    const text = written();
    expect(text).toContain('# 001-bookshelf: failed, 3 units not completed');
    expect(text).not.toContain('0 of 3 completed · cost');
  });
});
