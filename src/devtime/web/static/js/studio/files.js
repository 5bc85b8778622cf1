/** `.ctplugin` files: one plugin in one file, to keep and to pass on. Scripts alone (.js, .ts) can be opened too. */

const MOST_BYTES = 512 << 10;
const FORMAT = "ctplugin";

/**
 * What a file holds; an Error says why nothing.
 * @param {File} file
 * @returns {Promise<{ manifest: Record<string, any>, script: string }>}
 */
export async function readFile(file) {
  if (file.size > MOST_BYTES) throw new Error(`${file.name} is larger than ${MOST_BYTES / 1024} KB.`);
  const text = await file.text();
  if (/\.[jt]s$/.test(file.name)) {
    const name = file.name.replace(/\.[jt]s$/, "").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
    return { manifest: { name, display_name: name, version: "0.1.0" }, script: text };
  }
  let body;
  try {
    body = JSON.parse(text);
  } catch {
    throw new Error(`${file.name} is not a .ctplugin file.`);
  }
  if (typeof body !== "object" || body === null || (body.format ?? FORMAT) !== FORMAT || typeof body.script !== "string")
    throw new Error(`${file.name} is not a .ctplugin file.`);
  if ((body.format_version ?? 1) !== 1) throw new Error(`${file.name} is of a newer format; update DevTime to open it.`);
  const { format: _, format_version: __, script, ...manifest } = body;
  return { manifest, script };
}

/**
 * Has the browser save a plugin.
 * @param {Record<string, any>} manifest
 * @param {string} script
 */
export function saveFile(manifest, script) {
  const body = JSON.stringify({ format: FORMAT, format_version: 1, ...manifest, script }, null, 2) + "\n";
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([body], { type: "application/json" }));
  link.download = `${manifest.name || "plugin"}.${FORMAT}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
