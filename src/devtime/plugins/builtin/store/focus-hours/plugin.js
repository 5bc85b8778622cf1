// Sessions that lasted long enough to count as focus, and the hours of the day they fall on.

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

const least = (settings.minutes ?? 25) * 60;
const HOUR_MS = 3_600_000;

container.replaceChildren(make('p', 'text-muted', 'Looking for focus…'));
const { sessions } = await ask('/api/v1/stats/sessions?range=7d');
const long = sessions.filter((each) => each.duration_seconds >= least);
if (!long.length) {
  showEmpty('No session of ' + least / 60 + ' minutes or more among your newest ones.');
  return;
}
const hours = new Array(24).fill(0);
for (const { start, end } of long) {
  const last = Date.parse(end);
  for (let at = Date.parse(start); at < last; ) {
    const hour = new Date(at);
    const next = Math.min(hour.setMinutes(60, 0, 0), last, at + HOUR_MS);
    hours[new Date(at).getHours()] += next - at;
    at = next;
  }
}
const total = long.reduce((sum, each) => sum + each.duration_seconds, 0);
const longest = Math.max(...long.map((each) => each.duration_seconds));
const stats = make('div', 'stats');
for (const [label, value, note] of [
  ['Focus', spell(total), long.length + (long.length === 1 ? ' session' : ' sessions')],
  ['Longest', spell(longest), 'without a break'],
]) {
  const stat = make('div', 'stat');
  stat.append(make('p', 'stat-label', label), make('p', 'stat-value', value), make('p', 'stat-note', note));
  stats.append(stat);
}
const most = Math.max(...hours);
const bars = make('div', 'bars');
bars.style.cssText = 'height: 48px; gap: 2px; margin-top: 16px';
hours.forEach((ms, hour) => {
  const bar = make('div', 'bar' + (ms === most ? '' : ' bar-quiet'));
  bar.style.height = Math.max((ms / most) * 100, 3) + '%';
  bar.title = hour + ':00 · ' + spell(ms / 1000);
  bars.append(bar);
});
bars.setAttribute('role', 'img');
bars.setAttribute('aria-label', 'Focus by hour of the day, most of it at ' + hours.indexOf(most) + ':00');
const labels = make('div', 'row text-xs text-dark');
labels.setAttribute('aria-hidden', 'true');
labels.append(...['0', '6', '12', '18', '24'].map((hour) => make('span', '', hour)));
labels.style.marginTop = '4px';
container.replaceChildren(stats, bars, labels);
