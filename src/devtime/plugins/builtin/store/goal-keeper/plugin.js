// Remembers how many minutes a day somebody wants to spend, and answers how far they got.

const USUAL_MINUTES = 240;
const MOST_MINUTES = 24 * 60;

async function on_install(ctx) {
  if ((await ctx.redis.get('minutes')) === null) await ctx.redis.set('minutes', String(USUAL_MINUTES));
}

async function readGoal(ctx) {
  return Number((await ctx.redis.get('minutes')) ?? USUAL_MINUTES);
}

const endpoints = {
  // {} → {minutes, days: [{date, seconds}]}: the newest fourteen days with activity
  progress: async (ctx) => {
    const days = await ctx.db.query(
      `SELECT date, total_seconds AS seconds FROM daily_stats_cache
       WHERE user_id = $1 ORDER BY date DESC LIMIT 14`,
      [ctx.user_id]
    );
    return { minutes: await readGoal(ctx), days };
  },

  // {minutes} → {minutes}
  'set-goal': async (ctx, req) => {
    const minutes = Math.round(Number(req.minutes));
    if (!(minutes >= 15 && minutes <= MOST_MINUTES)) throw new Error('a goal is between 15 minutes and a day');
    await ctx.redis.set('minutes', String(minutes));
    return { minutes };
  },
};
