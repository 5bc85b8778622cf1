// Counts days in a row with activity. on_tick looks once a day; a widget can ask the endpoint for the number.

/** The day of a moment, in UTC: 2026-03-01. */
const dayOf = (moment = Date.now()) => new Date(moment).toISOString().slice(0, 10);

const DAY_MS = 86_400_000;

/** @type {OnTick} */
async function on_tick(ctx) {
  const today = dayOf();
  if ((await ctx.redis.get('last-day')) === today) return;
  const rows = await ctx.db.query(
    `SELECT 1 AS seen FROM heartbeats WHERE user_id = $1 AND recorded_at >= $2 LIMIT 1`,
    [ctx.user_id, today + 'T00:00:00Z'],
  );
  if (rows.length === 0) return;
  const isNext = (await ctx.redis.get('last-day')) === dayOf(Date.now() - DAY_MS);
  if (!isNext) await ctx.redis.set('streak', '0');
  const streak = await ctx.redis.incr('streak');
  await ctx.redis.set('last-day', today);
  log('Day', streak, 'in a row');
}

/** @type {Endpoints} */
const endpoints = {
  async streak(ctx) {
    return { days: Number((await ctx.redis.get('streak')) ?? 0), last_day: await ctx.redis.get('last-day') };
  },

  async reset(ctx) {
    await ctx.redis.del('streak');
    await ctx.redis.del('last-day');
    return { ok: true };
  },
};
