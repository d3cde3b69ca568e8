import { toHtml } from 'hast-util-to-html';
import { h } from 'hastscript';
import type { Digest } from '../digest/digest.ts';
import { oneLine } from '../words.ts';
import { masthead, questions, unitsTable } from './overview.ts';
import type { Part } from './parts.ts';
import { pictures, type Pictures } from './pictures.ts';
import { commits, decided, money, receipt } from './proof.ts';
import { feedback, matrix, satisfaction } from './scenarios.ts';
import { STYLE } from './style.ts';
import { timeline } from './timeline.ts';

/** Nothing may be fetched, run or sent, whatever text got into the page; images are in it. */
const POLICY =
  "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/**
 * A run as one self-contained page without a script: it asks no server for anything, and says the same to a screen reader as to the eye.
 * All text in it came from outside; hast escapes it.
 */
export function htmlReport(digest: Digest, found: Pictures = new Map()): string {
  const sections = [
    ...questions(digest),
    unitsTable(digest),
    ...timeline(digest),
    ...satisfaction(digest),
    ...matrix(digest),
    ...pictures(digest, found),
    ...feedback(digest),
    ...money(digest),
    ...decided(digest),
    ...commits(digest),
    ...receipt(digest),
  ];
  return toHtml(
    [
      { type: 'doctype' },
      h('html', { lang: 'en' }, [
        h('head', [
          h('meta', { charSet: 'utf-8' }),
          h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
          h('meta', { httpEquiv: 'Content-Security-Policy', content: POLICY }),
          h('meta', { name: 'referrer', content: 'no-referrer' }),
          h('title', oneLine(`${digest.spec}: ${digest.outcome}`)),
          // An icon of no bytes: a browser would ask a server for one otherwise.
          h('link', { rel: ['icon'], href: 'data:,' }),
          h('style', STYLE),
        ]),
        h('body', [
          h('a', { className: ['skip'], href: '#main' }, 'Skip to the report'),
          masthead(digest),
          contents(sections),
          h('main', { id: 'main', tabIndex: -1 }, sections),
          h(
            'footer',
            { className: ['fine'] },
            'Made by implement-factory from the events of the run.',
          ),
        ]),
      ]),
    ],
    { upperDoctype: true },
  ).concat('\n');
}

/** Links to every section, by its heading. */
function contents(sections: readonly Part[]): Part {
  const links = sections.map((part) => {
    const [heading] = part.children;
    const title =
      heading?.type === 'element' && heading.children[0]?.type === 'text'
        ? heading.children[0].value
        : '';
    return h('li', h('a', { href: `#${String(part.properties['id'])}` }, title));
  });
  return h('nav', { ariaLabel: 'Contents' }, h('ul', links));
}
