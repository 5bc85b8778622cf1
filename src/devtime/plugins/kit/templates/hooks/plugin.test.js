test('counts heartbeats by project', async (t) => {
  await t.install();
  await t.heartbeat({ project: 'engine', language: 'rust' });
  await t.heartbeat({ project: 'engine', language: 'rust' });
  t.expect(await t.redis.get('count:engine')).toBe('2');
});

test('tells what the last day was spent on', async (t) => {
  await t.heartbeats([{ project: 'engine', minutes_ago: 5 }, { project: 'site', minutes_ago: 9 }]);
  const run = await t.tick();
  t.expect(run.logs.length).toBe(2);
});

test('warns when nothing happened', async (t) => {
  const run = await t.tick();
  t.expect(run.logs[0].level).toBe('warn');
});
