// The drop zone: files, folders, a ZIP or a table; what is here already is not sent again.
import { archive, isArchive } from "./archive.js";
import { chosen, dropped } from "./folders.js";
import { manifestFor } from "./manifest.js";
import { part as find } from "./opening.js";
import { form, go, say, state } from "./queue.js";
import { alreadyHere } from "./resuming.js";
import { add, mark } from "./rows.js";
import "./sites.js";

const MOST = 2000;

const take = async (files) => {
  for (const one of files.filter(isArchive)) await archive(one);
  const pictures = await manifestFor(files.filter((one) => !isArchive(one)), form);
  if (!pictures) return;
  find("cut").hidden = pictures.length <= MOST;
  const here = await alreadyHere(form);
  state.before = Math.max(state.before, here.count - state.all);
  for (const picture of pictures.slice(0, MOST)) {
    const item = add(picture);
    state.all += 1;
    if (await here.has(picture)) {
      state.accepted += 1;
      state.before -= 1;
      mark(item, "here");
    } else state.waiting.push(item);
  }
  say();
  if (state.waiting.length) go();
};

find("plain").hidden = true;
find("more").hidden = false;
form.querySelector("#files").accept += ",.zip,application/zip,.csv";
for (const id of ["files", "folder", "archive"]) document.getElementById(id).addEventListener("change", (event) => {
  const files = chosen(event.target.files);
  event.target.value = "";
  take(files);
});
find("again").addEventListener("click", go);
window.addEventListener("online", () => { if (state.lost && !state.flying) go(); });
for (const kind of ["dragover", "dragleave", "drop"]) find("zone").addEventListener(kind, (event) => {
  event.preventDefault();
  find("zone").classList.toggle("over", kind === "dragover");
  if (kind === "drop") dropped(event.dataTransfer).then(take);
});
window.addEventListener("beforeunload", (event) => { if (state.flying || state.waiting.length) event.preventDefault(); });
