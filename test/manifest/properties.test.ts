import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ManifestStatus, UnitId } from '../../src/domain/index.ts';
import { editManifest, neutralHash, parseManifest, parseStubs } from '../../src/manifest/index.ts';

const FILE = '/specs/001-x/manifest.md';

const id = fc.stringMatching(/^[a-z0-9][a-z0-9_-]{0,8}$/).filter((text) => text !== 'service');
const title = fc
  .array(fc.stringMatching(/^[\p{L}\p{N}:,—–.()'?-]{1,8}$/u), { minLength: 1, maxLength: 5 })
  .map((words) => `T${words.join(' ')}`)
  .filter((text) => !/[—–]\s*(?:after\s*:|no\s+dep)/i.test(text));

interface Form {
  readonly bullet: string;
  readonly dash: string;
  readonly newline: string;
  readonly bom: string;
  readonly list: boolean;
  readonly quote: string;
  readonly status: ManifestStatus | null;
}

const form: fc.Arbitrary<Form> = fc.record({
  bullet: fc.constantFrom('-', '*', '+'),
  dash: fc.constantFrom('—', '–', '-'),
  newline: fc.constantFrom('\n', '\r\n'),
  bom: fc.constantFrom('', '\uFEFF'),
  list: fc.boolean(),
  quote: fc.constantFrom('', '"', "'"),
  status: fc.constantFrom(null, 'pending', 'in_progress', 'completed', 'failed'),
});

/** Units with dependencies on units of earlier groups only. */
const shape = fc
  .uniqueArray(id, { minLength: 1, maxLength: 12 })
  .chain((ids) =>
    fc.record({
      ids: fc.constant(ids),
      titles: fc.array(title, { minLength: ids.length, maxLength: ids.length }),
      levels: fc.array(fc.nat(3), { minLength: ids.length, maxLength: ids.length }),
      modes: fc.array(fc.constantFrom('parallel' as const, 'sequential' as const), {
        minLength: 4,
        maxLength: 4,
      }),
      done: fc.array(fc.boolean(), { minLength: ids.length, maxLength: ids.length }),
      links: fc.array(fc.array(fc.nat(ids.length - 1), { maxLength: 3 }), {
        minLength: ids.length,
        maxLength: ids.length,
      }),
    }),
  )
  .map(({ ids, titles, levels, modes, done, links }) => {
    const units = ids.map((unit, index) => ({
      id: unit,
      title: titles[index] ?? '',
      done: done[index] ?? false,
      after: [...new Set(links[index])]
        .filter((to) => (levels[to] ?? 0) < (levels[index] ?? 0))
        .map((to) => ids[to] ?? ''),
    }));
    const groups = [0, 1, 2, 3].flatMap((level) => {
      const members = ids.filter((_, index) => levels[index] === level);
      return members.length === 0
        ? []
        : [{ number: level * 3 + 1, mode: modes[level] ?? 'parallel', units: members }];
    });
    return { units, groups };
  });

type Shape = typeof shape extends fc.Arbitrary<infer T> ? T : never;

function write(
  { units, groups }: Shape,
  { bullet, dash, newline, bom, list, quote, status }: Form,
): string {
  return (
    bom +
    [
      '---',
      '# a comment',
      'title:   Shop',
      'x-owner: { a: [1] }   ',
      ...(status === null ? [] : [`status:  ${quote}${status}${quote}  # kept`]),
      '---',
      '',
      '# Shop  ',
      '',
      '- [ ] no unit',
      '',
      '## Units',
      '',
      ...units.map(
        (u) =>
          `${bullet} [${u.done ? 'X' : ' '}] ${u.id}: ${u.title} ${dash} ${u.after.length === 0 ? 'no dependencies' : `after: ${u.after.join(', ')}`}`,
      ),
      '',
      '<!-- aside -->',
      '## Execution Order',
      '',
      ...groups.map(
        (g) => `${list ? '- ' : ''}Group ${g.number} (${g.mode}): ${g.units.join(', ')}`,
      ),
      '',
      '## Notes',
      '- [ ] neither  ',
    ].join(newline)
  );
}

test('a valid manifest parses to what was written, in whatever form', () => {
  fc.assert(
    fc.property(shape, form, (written, how) => {
      const { manifest, diagnostics } = parseManifest(write(written, how), FILE);
      expect(diagnostics.filter((d) => d.rule !== 'unknown-key')).toEqual([]);
      expect(manifest?.units).toEqual(written.units.map((u) => ({ ...u, after: u.after })));
      expect(manifest?.groups).toEqual(written.groups);
      expect(manifest?.status).toBe(how.status ?? 'pending');
    }),
    { numRuns: 80 },
  );
});

test('an edit ticks and sets the status; taken back, not a byte differs', () => {
  const status = fc.constantFrom<ManifestStatus>('pending', 'in_progress', 'completed', 'failed');
  fc.assert(
    fc.property(
      shape,
      form,
      status,
      fc.infiniteStream(fc.boolean()),
      (written, how, wanted, coins) => {
        const tick = written.units
          .filter(() => coins.next().value === true)
          .map((u) => u.id as UnitId);
        const before = write(written, how);
        const result = editManifest(before, { tick, status: wanted });
        if (!result.ok) throw new Error(result.error.what);
        const after = result.value.toString();
        const { manifest } = parseManifest(after, FILE);
        expect(manifest?.status).toBe(wanted);
        expect(manifest?.units.map((u) => u.done)).toEqual(
          written.units.map((u) => u.done || tick.includes(u.id as UnitId)),
        );
        expect(neutralHash(after)).toBe(neutralHash(before));

        const line =
          how.status === null
            ? `status: ${wanted}${how.newline}`
            : `status:  ${how.quote}${wanted}${how.quote}  # kept`;
        let restored = after.replace(
          line,
          how.status === null ? '' : `status:  ${how.quote}${how.status}${how.quote}  # kept`,
        );
        if (how.status === null && wanted === 'pending' && !after.includes(line)) restored = after;
        for (const unit of written.units) {
          if (!unit.done && tick.includes(unit.id as UnitId)) {
            restored = restored.replace(`[x] ${unit.id}:`, `[ ] ${unit.id}:`);
          }
        }
        expect(restored).toBe(before);
      },
    ),
    { numRuns: 80 },
  );
});

test('no text and no bytes make a parser throw', () => {
  const piece = fc.constantFrom(
    '---',
    '\n',
    '\r\n',
    '- [ ] ',
    '- [x]',
    'a: A',
    ' — ',
    'after: a',
    'no dependencies',
    '## Units',
    '## Execution Order',
    'Group 1 (parallel): a',
    'Group',
    '(',
    ':',
    '`',
    '**',
    '<!--',
    '-->',
    '```',
    '## Stubs',
    '### a (P0)',
    '> ',
    '  ',
    '\t',
    'title: T',
    'status: ',
    '&a',
    '*a',
    '|',
    '{',
    '[',
    '\uFEFF',
    '\u0000',
    '\uD800',
    '===',
  );
  const text = fc.oneof(
    fc
      .array(fc.oneof(piece, fc.string({ maxLength: 6, unit: 'binary' })), { maxLength: 60 })
      .map((pieces) => pieces.join('')),
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
  );
  fc.assert(
    fc.property(text, (random) => {
      for (const input of [
        random,
        `---\ntitle: T\n---\n${random}`,
        `---\ntitle: T\n---\n## Units\n- [ ] a: A — no dependencies\n${random}`,
      ]) {
        const lines = input.split('\n').length;
        const { manifest, diagnostics } = parseManifest(input, FILE);
        expect(manifest === null).toBe(diagnostics.some((d) => d.severity === 'error'));
        for (const d of diagnostics) {
          expect(d.line).toBeLessThanOrEqual(lines);
          expect(d.column).toBeGreaterThan(0);
        }
        parseStubs(input, FILE);
        neutralHash(input);
        editManifest(input, { tick: ['a' as UnitId], status: 'failed' });
      }
    }),
    { numRuns: 150 },
  );
});
