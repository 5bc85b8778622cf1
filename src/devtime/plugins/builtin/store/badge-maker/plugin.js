// Shows a badge as others will see it, and the Markdown that puts it into a README.

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

const METRICS = [
  ['coding-time', 'Time this week'], ['today', 'Today'], ['streak', 'Streak'], ['top-language', 'Top language'], ['all-time', 'All time'],
];
const home = new URL(document.baseURI).origin;
const me = await ask('/api/v1/user/me');

const label = make('label', 'field');
const select = make('select', '');
for (const [value, name] of METRICS) select.append(new Option(name, value));
label.append(make('span', 'field-label', 'Badge'), select);
const picture = make('img', '');
picture.style.cssText = 'display: block; height: 20px';
const field = make('label', 'field');
const text = make('textarea', 'mono text-xs');
text.readOnly = true;
text.rows = 3;
field.append(make('span', 'field-label', 'Markdown'), text);
const copy = make('button', 'btn btn-small', 'Copy');
copy.type = 'button';
const status = make('span', 'status');
status.setAttribute('role', 'status');
const row = make('div', 'cluster');
row.append(copy, status);
const form = make('div', 'form');
form.append(label, picture, field, row);

const show = async () => {
  const [, name] = METRICS.find(([value]) => value === select.value);
  const path = '/badge/' + encodeURIComponent(me.username) + '/' + select.value;
  text.value = '![' + name + '](' + home + path + ')';
  status.textContent = me.is_public ? '' : 'Your profile is private: others see a badge that says so.';
  const answer = await fetch(path);
  picture.alt = name;
  picture.src = 'data:image/svg+xml,' + encodeURIComponent(await answer.text());
};
select.onchange = show;
copy.onclick = () => {
  text.select();
  status.textContent = document.execCommand('copy') ? 'Copied' : 'Selected: press Ctrl+C';
};
container.replaceChildren(form);
await show();
