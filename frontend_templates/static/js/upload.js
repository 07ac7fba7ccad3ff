// The drop zone: a row per file at once, three requests in flight, and what did not arrive can be sent again.
import { openBatch, part as find } from "./opening.js";
import { firstLink, localRow, mark, serverRow } from "./rows.js";
import { send } from "./sending.js";

const form = document.querySelector("[data-upload]");
const input = form.querySelector('input[type="file"]');
const state = { url: form.dataset.files, context: null, waiting: [], missing: [], flying: 0, all: 0, accepted: 0, duplicate: 0, refused: 0 };

const say = () => {
  const { words, missing, here } = find("count").dataset;
  const numbers = { all: state.all, accepted: state.accepted, here: state.duplicate ? here.replace("{duplicate}", state.duplicate) : "", refused: state.refused, missing: state.missing.length };
  find("count").textContent = (numbers.missing ? missing : words).replace(/\{(\w+)\}/g, (_, name) => numbers[name]);
  find("again").hidden = !numbers.missing || state.flying > 0;
  find("panel").hidden = !state.all;
};
const work = async (item) => {
  mark(item.row, "sending");
  try {
    const { html, outcome } = await send(item, { url: state.url || form.dataset.single, context: state.context, progress: (percent) => mark(item.row, "sending", percent) });
    state[outcome] += 1;
    serverRow(item.row, html);
  } catch {
    mark(item.row, "missing");
    state.missing.push(item);
  }
  state.flying -= 1;
  next();
};
const next = () => {
  while (state.flying < 3 && state.waiting.length) { state.flying += 1; work(state.waiting.shift()); }
  say();
  if (state.all === 1 && state.accepted === 1) window.location.assign(firstLink().href);
};
const go = async () => {
  try {
    if (state.url || state.all === 1) state.context ||= new FormData(form); else Object.assign(state, await (state.opening ||= openBatch(form)));
    next();
  } catch {
    state.opening = null; for (const item of state.waiting) { mark(item.row, "missing"); state.missing.push(item); }
    state.waiting.length = 0;
    say();
  }
};
const take = (files) => {
  for (const file of files) state.waiting.push({ file, row: localRow(file.name), key: `${Date.now()}-${Math.random()}` });
  state.all += files.length;
  say();
  if (files.length) go();
};

find("plain").hidden = true;
input.addEventListener("change", () => { const files = [...input.files]; input.value = ""; take(files); });
find("again").addEventListener("click", () => { state.waiting.push(...state.missing.splice(0)); go(); });
for (const kind of ["dragover", "dragleave", "drop"]) find("zone").addEventListener(kind, (event) => {
  event.preventDefault();
  find("zone").classList.toggle("over", kind === "dragover");
  if (kind === "drop") take([...event.dataTransfer.files]);
});
window.addEventListener("beforeunload", (event) => { if (state.flying || state.missing.length) event.preventDefault(); });
