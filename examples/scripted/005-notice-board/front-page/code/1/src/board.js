const form = document.querySelector('form');
const list = document.querySelector('ul');
const alert = document.querySelector('[role=alert]');

const show = (notes) =>
  list.replaceChildren(
    ...notes.map((text) => Object.assign(document.createElement('li'), { textContent: text })),
  );

function say(text) {
  alert.textContent = text;
  alert.hidden = text === '';
}

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const text = form.elements.note.value;
  if (text.trim() === '') return say('Write something first.');
  say('');
  const answer = await fetch('/notes', { method: 'POST', body: text });
  show(await answer.json());
  form.reset();
});

show(await (await fetch('/notes')).json());
