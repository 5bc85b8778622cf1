// The price of today's tokens, by model.

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

const showEmpty = (text) => {
  const box = make('div', 'empty');
  box.append(make('div', 'empty-mark', '—'), text);
  container.replaceChildren(box);
};

const price = (usd) => usd.toLocaleString('en-US', { style: 'currency', currency: 'USD', maximumFractionDigits: usd && usd < 0.1 ? 4 : 2 });
const short = (count) => new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 }).format(count);

container.replaceChildren(make('p', 'text-muted', 'Adding up…'));
const [today, week] = await Promise.all([ask('/api/usage?range=today&group=model'), ask('/api/usage?range=7d&group=day')]);
if (!today.totals.events && !week.totals.events) {
  showEmpty('No agent used anything this week.');
  return;
}
const average = week.totals.cost_usd / 7;
const difference = today.totals.cost_usd - average;
const big = make('div', 'big', price(today.totals.cost_usd));
const note = make('p', 'text-sm text-muted', short(today.totals.total_tokens) + ' tokens · ');
const delta = make('span', 'delta' + (difference > 0.005 ? ' delta-less' : ''), (difference < 0 ? '−' : '+') + price(Math.abs(difference)));
note.append(delta, ' against an average day of ' + price(average));
const list = make('ul', 'list');
const rows = [...today.rows].sort((one, other) => other.cost_usd - one.cost_usd).slice(0, settings.count ?? 4);
for (const row of rows) {
  const item = make('li', 'row');
  const share = make('span', 'text-muted', row.is_unpriced ? 'no price known' : price(row.cost_usd));
  item.append(make('span', 'truncate mono', row.model || 'unknown model'), share);
  list.append(item);
}
list.style.marginTop = '8px';
container.replaceChildren(big, note, ...(rows.length ? [list] : []));
