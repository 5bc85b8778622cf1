test('begins with the first active day, and counts it once', async (t) => {
  await t.tick();
  t.expect(await t.rpc('streak')).toEqual({ days: 0, last_day: null });
  await t.heartbeats([{ project: 'engine' }]);
  await t.tick();
  await t.tick();
  t.expect((await t.rpc('streak')).days).toBe(1);
});

test('goes on from yesterday, and starts anew after a pause', async (t) => {
  const day = (/** @type {number} */ ago) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
  await t.heartbeats([{ project: 'engine' }]);
  await t.redis.set('streak', '6');
  await t.redis.set('last-day', day(1));
  await t.tick();
  t.expect((await t.rpc('streak')).days).toBe(7);
  await t.redis.set('last-day', day(3));
  await t.tick();
  t.expect((await t.rpc('streak')).days).toBe(1);
});
