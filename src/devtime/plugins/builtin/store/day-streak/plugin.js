// Days in a row, and a cell for each of the last fourteen days.

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

const DAYS = 14;
const dayOf = (moment) =>
  [moment.getFullYear(), moment.getMonth() + 1, moment.getDate()].map((part) => String(part).padStart(2, '0')).join('-');

container.replaceChildren(make('p', 'text-muted', 'Counting days…'));
const [streaks, { daily }] = await Promise.all([ask('/api/v1/stats/streaks'), ask('/api/v1/stats/daily?range=30d')]);
const seconds = new Map(daily.map((day) => [day.date, day.seconds]));
const most = Math.max(1, ...seconds.values());

const { current_streak: current, longest_streak: longest } = streaks;
const big = make('div', 'big', current + (current === 1 ? ' day' : ' days'));
const isRecord = current > 0 && current === longest;
const note = make('p', 'text-sm text-muted', '');
if (!longest) note.textContent = 'Your first day with activity starts a streak.';
else if (!current) note.textContent = 'Longest so far: ' + longest + ' days. Today can be day one.';
else note.textContent = isRecord ? 'Your longest run yet.' : 'Longest so far: ' + longest + ' days.';

const cells = make('div', 'cells');
for (let back = DAYS - 1; back >= 0; back -= 1) {
  const moment = new Date();
  moment.setDate(moment.getDate() - back);
  const spent = seconds.get(dayOf(moment)) ?? 0;
  const cell = make('span', 'cell heat-' + (spent ? Math.ceil((spent / most) * 4) : 0));
  cell.title = dayOf(moment) + ' · ' + (spent ? spell(spent) : 'nothing');
  cells.append(cell);
}
cells.setAttribute('role', 'img');
cells.setAttribute('aria-label', 'The last ' + DAYS + ' days, ' + cells.querySelectorAll(':not(.heat-0)').length + ' with activity');
container.replaceChildren(big, note, cells);
