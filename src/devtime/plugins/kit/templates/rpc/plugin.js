// A lifecycle plugin with endpoints: each answers POST /api/v1/plugins/NAME/rpc/ENDPOINT for whoever installed it.

const PLUGIN = 'my-rpc';

/** @type {OnInstall} */
async function on_install(ctx) {
  await ctx.db.query(
    `INSERT INTO plugin_settings (user_id, plugin, settings) VALUES ($1, $2, $3)
     ON CONFLICT (user_id, plugin) DO NOTHING`,
    [ctx.user_id, PLUGIN, JSON.stringify({ threshold: 3600 })],
  );
}

/** @type {Endpoints} */
const endpoints = {
  async stats(ctx) {
    const rows = await ctx.db.query(
      'SELECT COUNT(*) AS heartbeats, SUM(duration_seconds) AS seconds FROM heartbeats WHERE user_id = $1',
      [ctx.user_id],
    );
    return { heartbeats: rows[0].heartbeats, hours: Number(rows[0].seconds ?? 0) / 3600 };
  },

  async 'set-threshold'(ctx, req) {
    const threshold = Number(req.threshold);
    if (!(threshold > 0)) throw new Error('threshold must be a number of seconds');
    await ctx.db.query('UPDATE plugin_settings SET settings = settings || $1 WHERE user_id = $2 AND plugin = $3', [
      JSON.stringify({ threshold }),
      ctx.user_id,
      PLUGIN,
    ]);
    return { ok: true, threshold };
  },
};
