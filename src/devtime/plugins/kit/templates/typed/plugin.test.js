test('answers the last days', async (t) => {
  await t.heartbeats([{ project: 'engine', minutes_ago: 3 }]);
  const { days } = await t.rpc('days', { count: 2 });
  t.expect(days.length).toBe(1);
});
