// A table that says which file belongs to which case: looked over by the server before anything is sent.
import { part } from "./opening.js";

const isTable = ({ name }) => /\.csv$/i.test(name);

// Returns the pictures, each with what its row says; nothing while the table and the files do not fit.
export const manifestFor = async (files, form) => {
  const table = files.find(isTable)?.file || part("manifest")?.files[0];
  const pictures = files.filter((file) => !isTable(file));
  if (!table || !pictures.length) return pictures;
  const body = new FormData();
  body.append("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
  body.append("site", form.querySelector("[name=site]").value);
  body.append("names", pictures.map(({ name }) => name).join("\n"));
  body.append("manifest", table);
  try {
    const answer = await fetch(form.dataset.check, { method: "POST", body, headers: { "HX-Request": "true" } });
    const { html, clean, rows } = await answer.json();
    part("findings").innerHTML = html;
    if (!clean) { part("findings").scrollIntoView({ block: "nearest" }); return null; }
    return pictures.map((picture) => ({ ...picture, said: rows[picture.name] }));
  } catch {
    document.dispatchEvent(new Event("htmx:sendError"));
    return null;
  }
};
