import { openDesk } from './desk.js';

const desk = await openDesk();
desk.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  console.log(`The tea desk is open on http://localhost:${desk.address().port}`);
});
