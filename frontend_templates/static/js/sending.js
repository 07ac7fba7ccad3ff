// Sends one file as one request and returns the row the server drew for it; rejects when nothing was heard.
const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const NOT_SENT = new Set(["files", "file", "manifest"]);
const WINDOW = 20_000;
const sent = []; // [when, bytes] of the last files

export const checksum = async (file) => {
  if (!window.crypto.subtle) return null; // only there on https and localhost
  return hex(await window.crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
};
const filled = (context, more) => {
  const body = new FormData();
  for (const [name, value] of context) if (!NOT_SENT.has(name) && !(name in more)) body.append(name, value);
  for (const [name, value] of Object.entries(more)) body.append(name, value);
  return body;
};
const posted = (url, body, { headers = {}, progress }) => new Promise((resolve, reject) => {
  const request = new XMLHttpRequest();
  request.open("POST", url);
  request.setRequestHeader("HX-Request", "true");
  for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
  request.upload.onprogress = (event) => progress(Math.round((100 * event.loaded) / event.total));
  request.onerror = () => reject(new Error("network"));
  request.onload = () => resolve(request);
  request.send(body);
});
// What the manifest says of a file, in the form's words: an empty value is the form's own.
const overrides = (said) => {
  const own = Object.fromEntries(Object.entries(said || {}).filter(([name, value]) => value && name !== "urgent"));
  if (said?.urgent === "yes") own.urgent = "on";
  return own;
};

export const send = async ({ file, name, key, said }, { url, context, expected, progress }) => {
  const digest = await checksum(file);
  const body = filled(said && "urgent" in said ? [...context].filter(([field]) => field !== "urgent") : context, { ...overrides(said), path: name, expected });
  body.append("file", file);
  const headers = { "Idempotency-Key": key, ...(digest ? { "Content-SHA256": digest } : {}) };
  const request = await posted(url, body, { headers, progress });
  const outcome = request.getResponseHeader("X-Row");
  if (!outcome) throw new Error(String(request.status));
  sent.push([performance.now(), file.size]);
  return { html: request.responseText, outcome };
};
export const sendArchive = async (file, { url, context, progress }) => {
  const body = filled(context, {});
  const table = context.get("manifest");
  if (table?.size) body.append("manifest", table);
  body.append("file", file);
  return JSON.parse((await posted(url, body, { progress })).responseText);
};
// About how many minutes the rest takes at the pace of the last seconds; nothing while nobody can know.
export const left = (waiting) => {
  const now = performance.now();
  while (sent.length && sent[0][0] < now - WINDOW) sent.shift();
  if (sent.length < 5 || waiting.length < 10) return null;
  const bytes = sent.reduce((sum, [, size]) => sum + size, 0);
  const rest = waiting.reduce((sum, { file }) => sum + file.size, 0);
  return Math.max(1, Math.round((rest / bytes) * ((now - sent[0][0]) / 60_000)));
};
