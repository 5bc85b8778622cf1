// The same in TypeScript: types are taken away when the plugin is published. Types come from devtime-plugin.d.ts.

interface Day {
  date: string;
  seconds: number;
}

interface Total {
  project: string;
  seconds: number;
}

async function days(ctx: Ctx, count: number): Promise<Day[]> {
  return ctx.db.query<Day>(
    `SELECT date_trunc('day', recorded_at) AS date, SUM(duration_seconds) AS seconds FROM heartbeats
     WHERE user_id = $1 GROUP BY 1 ORDER BY 1 DESC LIMIT $2`,
    [ctx.user_id, count],
  );
}

const on_heartbeat: OnHeartbeat = async (ctx, heartbeat) => {
  const [total] = await ctx.db.query<Total>(
    'SELECT project, SUM(duration_seconds) AS seconds FROM heartbeats WHERE project = $1 GROUP BY project',
    [heartbeat.project],
  );
  if (total) log(`${total.project}: ${(total.seconds / 3600).toFixed(1)} h`);
};

const endpoints: Endpoints = {
  days: async (ctx, req) => ({ days: await days(ctx, Number(req.count ?? 7)) }),
};
