// How much of today's goal is done; the goal itself is kept by the plugin goal-keeper.

const make = (tag, className, text) => {
  const each = document.createElement(tag);
  each.className = className;
  if (text !== undefined) each.textContent = text;
  return each;
};

const spell = (seconds) => {
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? minutes + 'm' : Math.floor(minutes / 60) + 'h ' + (minutes % 60) + 'm';
};

const STEP = 30;
const dayOf = (moment) =>
  [moment.getFullYear(), moment.getMonth() + 1, moment.getDate()].map((part) => String(part).padStart(2, '0')).join('-');
const call = async (handler, body) => {
  const answer = await fetch('/api/v1/plugins/goal-keeper/rpc/' + handler, {
    method: 'POST',
    headers: { Authorization: 'Bearer ' + token, 'Content-Type': 'application/json' },
    body: JSON.stringify(body ?? {}),
  });
  if (answer.status === 404) throw new Error('install Goal Keeper first: it remembers the goal');
  if (!answer.ok) throw new Error('the goal cannot be read just now');
  return answer.json();
};

container.replaceChildren(make('p', 'text-muted', 'Reading your goal…'));
let { minutes, days } = await call('progress');
const done = days.find((day) => String(day.date).slice(0, 10) === dayOf(new Date()))?.seconds ?? 0;

const draw = () => {
  const share = Math.min(done / (minutes * 60), 1);
  const big = make('div', 'big', spell(done));
  const note = make('p', 'text-sm text-muted', '');
  note.textContent = share < 1 ? spell(minutes * 60 - done) + ' to go of ' + spell(minutes * 60) : 'Goal of ' + spell(minutes * 60) + ' reached ✓';
  const bar = make('progress', '');
  bar.max = 1;
  bar.value = share;
  bar.setAttribute('aria-label', Math.round(share * 100) + '% of the goal');
  const reached = days.filter((day) => day.seconds >= minutes * 60).length;
  const row = make('div', 'row text-xs text-dark');
  const buttons = make('span', 'cluster');
  for (const [sign, step] of [['−', -STEP], ['+', STEP]]) {
    const button = make('button', 'btn btn-small', sign);
    button.type = 'button';
    button.setAttribute('aria-label', (step < 0 ? 'Lower' : 'Raise') + ' the goal by ' + STEP + ' minutes');
    button.disabled = minutes + step < STEP || minutes + step > 1440;
    button.onclick = async () => {
      ({ minutes } = await call('set-goal', { minutes: minutes + step }));
      draw();
    };
    buttons.append(button);
  }
  row.append(make('span', '', 'Reached on ' + reached + ' of ' + days.length + (days.length === 1 ? ' day' : ' days')), buttons);
  row.style.cssText = 'margin-top: 12px; align-items: center';
  container.replaceChildren(big, note, bar, row);
};
draw();
