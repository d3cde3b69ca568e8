/** Only here to try the server: goes when there is a menu. */
export const routes = [
  { method: 'GET', path: '/greeting', handle: () => ({ status: 200, text: 'Tea soon.\n' }) },
];
