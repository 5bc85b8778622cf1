// The languages of a range, each with its share.

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

const range = settings.range ?? '7d';
const count = settings.count ?? 6;
const NAMES = { '7d': 'the last 7 days', '30d': 'the last 30 days', '90d': 'the last 90 days', all: 'all time' };

container.replaceChildren(make('p', 'text-muted', 'Reading languages…'));
const { languages } = await ask('/api/v1/stats/languages?range=' + range);
if (!languages.length) {
  showEmpty('No language was recorded in ' + NAMES[range] + '.');
  return;
}
const rest = languages.slice(count);
const shown = languages.slice(0, count).map((each, index) => [each.language, each.seconds, each.percentage, 'c' + index % 10]);
if (rest.length) {
  const sum = (field) => rest.reduce((total, each) => total + each[field], 0);
  shown.push([rest.length + ' more', sum('seconds'), sum('percentage'), 'c-other']);
}
const list = make('div', 'stack');
list.style.gap = '10px';
for (const [name, seconds, share, colour] of shown) {
  const row = make('div', 'row text-sm');
  row.append(make('span', 'truncate', name), make('span', 'text-dark', spell(seconds) + ' · ' + share.toFixed(share < 9.95 ? 1 : 0) + '%'));
  const bar = make('div', 'progress progress-thin');
  const fill = make('div', 'progress-fill ' + colour);
  fill.style.width = Math.max(share, 1) + '%';
  bar.append(fill);
  const item = make('div', '');
  item.append(row, bar);
  list.append(item);
}
container.replaceChildren(list, make('p', 'text-xs text-dark', 'In ' + NAMES[range]));
container.lastChild.style.marginTop = '12px';
