// A lifecycle plugin runs on the server, in a sandbox, with your own data. Keep the hooks you need.

/**
 * Once, when somebody installs the plugin.
 * @type {OnInstall}
 */
async function on_install(ctx) {
  await ctx.redis.set('since', new Date().toISOString());
  log('Installed for', ctx.user_id);
}

/**
 * After every heartbeat that was recorded.
 * @type {OnHeartbeat}
 */
async function on_heartbeat(ctx, heartbeat) {
  const count = await ctx.redis.incr('count:' + heartbeat.project);
  const rows = await ctx.db.query(
    `SELECT COUNT(*) AS n, SUM(duration_seconds) AS seconds
     FROM heartbeats
     WHERE user_id = $1 AND project = $2`,
    [ctx.user_id, heartbeat.project],
  );
  log('Heartbeat', count, 'on', heartbeat.project + ':', rows[0].n, 'in all,', rows[0].seconds ?? 0, 'seconds');
}

/**
 * About once a minute.
 * @type {OnTick}
 */
async function on_tick(ctx) {
  const rows = await ctx.db.query(
    `SELECT project, COUNT(*) AS n FROM heartbeats
     WHERE user_id = $1 AND recorded_at >= NOW() - INTERVAL '1 day'
     GROUP BY project ORDER BY n DESC LIMIT 3`,
    [ctx.user_id],
  );
  if (rows.length === 0) warn('No activity since yesterday');
  for (const row of rows) log(row.project, row.n);
}
