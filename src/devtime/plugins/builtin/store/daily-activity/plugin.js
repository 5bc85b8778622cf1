// A bar for each day, days without activity too.

const ask = async (path) => {
  const answer = await fetch(path, { headers: { Authorization: 'Bearer ' + token } });
  if (!answer.ok) throw new Error(path + ' answered ' + answer.status);
  return answer.json();
};

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

const showEmpty = (text) => {
  const box = make('div', 'empty');
  box.append(make('div', 'empty-mark', '—'), text);
  container.replaceChildren(box);
};

const days = settings.days ?? 7;
const dayOf = (moment) =>
  [moment.getFullYear(), moment.getMonth() + 1, moment.getDate()].map((part) => String(part).padStart(2, '0')).join('-');

container.replaceChildren(make('p', 'text-muted', 'Reading days…'));
const { daily } = await ask('/api/v1/stats/daily?range=' + (days > 7 ? '30d' : '7d'));
const seconds = new Map(daily.map((day) => [day.date, day.seconds]));
const shown = Array.from({ length: days }, (_, index) => {
  const moment = new Date();
  moment.setDate(moment.getDate() - (days - 1 - index));
  return { moment, spent: seconds.get(dayOf(moment)) ?? 0 };
});
const total = shown.reduce((sum, day) => sum + day.spent, 0);
if (!total) {
  showEmpty('Nothing in the last ' + days + ' days. The next heartbeat shows here.');
  return;
}
const best = shown.reduce((most, day) => (day.spent > most.spent ? day : most));
const bars = make('div', 'bars');
const labels = make('div', 'bars-labels');
for (const day of shown) {
  const name = day.moment.toLocaleDateString(undefined, { weekday: 'long', day: 'numeric', month: 'long' });
  const bar = make('div', 'bar' + (day === best ? '' : ' bar-quiet'));
  bar.style.height = Math.max((day.spent / best.spent) * 100, 2) + '%';
  bar.title = name + ' · ' + spell(day.spent);
  bars.append(bar);
  const isTold = days <= 7 || day.moment.getDay() === 1;
  labels.append(make('span', '', isTold ? day.moment.toLocaleDateString(undefined, { weekday: 'narrow' }) : ''));
}
bars.setAttribute('role', 'img');
bars.setAttribute('aria-label', shown.map((day) => dayOf(day.moment) + ': ' + spell(day.spent)).join(', '));
labels.setAttribute('aria-hidden', 'true');
const note = make('p', 'text-sm text-muted', spell(total / days) + ' a day on average, ' + spell(best.spent) + ' at best');
note.style.marginTop = '10px';
container.replaceChildren(bars, labels, note);
