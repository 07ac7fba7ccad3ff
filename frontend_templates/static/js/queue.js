// Three requests in flight; when the network is lost the rest waits, and goes on from where it stopped.
import { openBatch, part as find } from "./opening.js";
import { draw, firstLink, mark, settle } from "./rows.js";
import { left, send } from "./sending.js";

const AT_ONCE = 3;
export const form = document.querySelector("[data-upload]");
export const state = { url: form.dataset.files, context: null, waiting: [], flying: 0, lost: false, all: 0, before: 0, accepted: 0, held: 0, duplicate: 0, refused: 0 };

export const say = () => {
  const { words, missing, here, held, minutes } = find("count").dataset;
  const lost = state.lost ? state.waiting.length : 0;
  const numbers = { all: state.all, accepted: state.accepted, refused: state.refused, missing: lost,
    here: state.duplicate ? here.replace("{duplicate}", state.duplicate) : "", held: state.held ? held.replace("{held}", state.held) : "" };
  find("count").textContent = (lost ? missing : words).replace(/\{(\w+)\}/g, (_, name) => numbers[name]);
  const rest = state.lost ? null : left(state.waiting);
  find("left").textContent = rest ? minutes.replace("{n}", rest) : "";
  find("again").hidden = !lost || state.flying > 0;
  find("panel").hidden = !state.all;
  draw();
};
const work = async (item) => {
  mark(item, "sending");
  try {
    const { html, outcome } = await send(item, { url: state.url || form.dataset.single, context: state.context, expected: state.before + state.all, progress: (percent) => mark(item, "sending", percent) });
    state[outcome] += 1;
    settle(item, { html, outcome });
  } catch {
    state.lost = true;
    state.waiting.unshift(item);
    mark(item, "missing");
  }
  state.flying -= 1;
  next();
};
const next = () => {
  while (!state.lost && state.flying < AT_ONCE && state.waiting.length) { state.flying += 1; work(state.waiting.shift()); }
  say();
  if (state.all === 1 && !state.url && state.accepted + state.held === 1) window.location.assign(firstLink());
};
export const go = async () => {
  state.lost = false;
  try {
    if (state.url || state.all === 1) state.context ||= new FormData(form);
    else Object.assign(state, await (state.opening ||= openBatch(form, { expected: state.all, ownCases: state.waiting.every((item) => item.said?.accession) })));
    next();
  } catch {
    Object.assign(state, { opening: null, lost: true });
    for (const item of state.waiting) mark(item, "missing");
    say();
  }
};
