/** The menu, in alphabetical order; `pence` is the price of a cup. */
export const teas = [
  { name: 'assam', kind: 'black', pence: 250 },
  { name: 'chamomile', kind: 'herbal', pence: 260 },
  { name: 'darjeeling', kind: 'black', pence: 310 },
  { name: 'sencha', kind: 'green', pence: 280 },
  { name: 'silver-needle', kind: 'white', pence: 420 },
];

/** The tea, or undefined. */
export const findTea = (name) => teas.find((tea) => tea.name === name);
