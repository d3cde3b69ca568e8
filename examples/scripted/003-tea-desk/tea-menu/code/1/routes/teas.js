import { Refusal } from '../src/refusal.js';
import { findTea, teas } from '../src/teas.js';

export const routes = [
  { method: 'GET', path: '/', handle: showSign },
  { method: 'GET', path: '/teas', handle: listTeas },
  { method: 'GET', path: '/teas/:name', handle: showTea },
];

function showSign() {
  return { status: 200, json: { desk: process.env.TEA_DESK_NAME ?? 'Tea desk', teas: '/teas' } };
}

function listTeas({ query }) {
  const kind = query.get('kind');
  const found = teas.filter((tea) => kind === null || tea.kind === kind);
  return { status: 200, json: { teas: found } };
}

function showTea({ params }) {
  const tea = findTea(params.name);
  if (!tea) throw new Refusal(404, `There is no ${params.name} on the menu.`);
  return { status: 200, json: tea };
}
