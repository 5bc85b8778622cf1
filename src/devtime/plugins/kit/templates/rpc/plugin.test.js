test('adds up the time', async (t) => {
  await t.heartbeats([
    { project: 'engine', minutes_ago: 20 },
    { project: 'engine', minutes_ago: 15 },
    { project: 'engine', minutes_ago: 10 },
  ]);
  const answer = await t.rpc('stats');
  t.expect(answer.heartbeats).toBe(3);
  t.expect(answer.hours).toBeGreaterThan(0);
});

test('refuses a threshold that is none', async (t) => {
  await t.install();
  await t.expect(t.rpc('set-threshold', { threshold: 'soon' })).toThrow('must be a number');
  t.expect(await t.rpc('set-threshold', { threshold: 60 })).toEqual({ ok: true, threshold: 60 });
});
