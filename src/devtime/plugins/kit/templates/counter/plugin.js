// A widget: this script is the body of a function. It draws into `container`, and `token` reads your figures.

container.innerHTML = '<p class="text-muted">Loading…</p>';

/** @param {number} seconds */
function spoken(seconds) {
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)}h ${minutes % 60}m`;
}

fetch('/api/v1/stats/summary?range=7d', { headers: { Authorization: 'Bearer ' + token } })
  .then((answer) => {
    if (!answer.ok) throw new Error('the server answered ' + answer.status);
    return answer.json();
  })
  .then((week) => {
    container.innerHTML = `
      <div class="stat-label">This week</div>
      <div class="text-2xl">${spoken(week.total_seconds)}</div>
      <div class="text-muted"></div>`;
    // Names come from outside: put them in as text, never as HTML.
    const note = container.querySelector('.text-muted');
    if (note) note.textContent = week.top_project ? 'mostly ' + week.top_project : 'nothing recorded yet';
  })
  .catch((error) => {
    container.innerHTML = '<p class="text-muted">The figures could not be read.</p>';
    console.error(error);
  });
