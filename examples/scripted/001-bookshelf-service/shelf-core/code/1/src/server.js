import { createApp } from './app.js';

const app = await createApp();
app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  console.log(`The bookshelf is open on http://localhost:${app.address().port}`);
});
