// Opens one batch, with its case, for the files of this page; afterwards the page watches how they get on.
export const part = (name) => document.querySelector(`[data-upload-${name}]`);

export const openBatch = async (form, { expected, ownCases }) => {
  const context = new FormData(form);
  context.set("expected", expected);
  context.set("own_cases", ownCases ? "1" : "");
  for (const name of ["files", "file", "manifest"]) context.delete(name);
  const answer = await fetch(form.dataset.upload, { method: "POST", body: context, headers: { "HX-Request": "true" } });
  if (answer.status === 422) part("context").innerHTML = await answer.text();
  if (!answer.ok || answer.redirected) throw new Error("not opened");
  const batch = await answer.json();
  context.set("accession", batch.accession);
  form.dataset.here = batch.here;
  part("watch").setAttribute("hx-get", batch.rows);
  window.htmx.process(part("watch"));
  part("page").href = batch.page;
  part("page").hidden = false;
  return { url: batch.files, context };
};
