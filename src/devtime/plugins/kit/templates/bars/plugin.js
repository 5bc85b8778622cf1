// A widget with a chart: one bar a day, from the components on the Design page.

container.innerHTML = '<div class="bars" role="img"></div><div class="bars-labels"></div>';
const [bars, labels] = container.children;

fetch('/api/v1/stats/daily?range=7d', { headers: { Authorization: 'Bearer ' + token } })
  .then((answer) => answer.json())
  .then(({ daily }) => {
    if (!daily.length) {
      container.innerHTML = '<p class="empty">No activity in the last seven days.</p>';
      return;
    }
    const most = Math.max(...daily.map((/** @type {{ seconds: number }} */ day) => day.seconds), 1);
    for (const day of daily) {
      const hours = (day.seconds / 3600).toFixed(1);
      const bar = document.createElement('div');
      bar.className = 'bar';
      bar.style.height = Math.max((day.seconds / most) * 100, 2) + '%';
      bar.title = `${day.date}: ${hours} h`;
      bars.append(bar);
      const label = document.createElement('span');
      label.textContent = new Date(day.date + 'T12:00').toLocaleDateString(undefined, { weekday: 'short' });
      labels.append(label);
    }
    bars.setAttribute('aria-label', `Hours a day, the most: ${(most / 3600).toFixed(1)}`);
  })
  .catch(() => {
    container.innerHTML = '<p class="text-muted">The figures could not be read.</p>';
  });
