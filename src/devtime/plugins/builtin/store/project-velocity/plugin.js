// Time by project in the last seven days, and how it differs from the seven before.

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

const DAY_MS = 86_400_000;
const count = settings.count ?? 5;
const now = Date.now();
const span = (from, to) => '?start=' + new Date(from).toISOString() + '&end=' + new Date(to).toISOString();

container.replaceChildren(make('p', 'text-muted', 'Comparing weeks…'));
const [current, former] = await Promise.all([
  ask('/api/v1/stats/projects' + span(now - 7 * DAY_MS, now)),
  ask('/api/v1/stats/projects' + span(now - 14 * DAY_MS, now - 7 * DAY_MS)),
]);
const before = new Map(former.projects.map((each) => [each.project, each.seconds]));
const after = new Map(current.projects.map((each) => [each.project, each.seconds]));
const names = [...new Set([...after.keys(), ...before.keys()])];
if (!names.length) {
  showEmpty('No project in the last two weeks.');
  return;
}
const rows = names
  .map((name) => ({ name, spent: after.get(name) ?? 0, change: (after.get(name) ?? 0) - (before.get(name) ?? 0) }))
  .sort((one, other) => other.spent - one.spent || one.name.localeCompare(other.name))
  .slice(0, count);
const list = make('ul', 'list');
for (const { name, spent, change } of rows) {
  const item = make('li', 'row');
  const told = make('span', 'cluster');
  const isNew = !before.has(name);
  const sign = Math.abs(change) < 60 ? '±0' : (change > 0 ? '▲ ' : '▼ ') + spell(Math.abs(change));
  const delta = make('span', 'delta' + (isNew || change >= 60 ? ' delta-more' : change <= -60 ? ' delta-less' : ''), isNew ? 'new' : sign);
  delta.title = 'The week before: ' + spell(before.get(name) ?? 0);
  told.append(make('span', 'text-muted', spell(spent)), delta);
  item.append(make('span', 'truncate td-main', name), told);
  list.append(item);
}
container.replaceChildren(list);
