// Opens one batch, with its case, for the files of this page; afterwards the page watches how they get on.
export const part = (name) => document.querySelector(`[data-upload-${name}]`);

export const openBatch = async (form) => {
  const context = new FormData(form);
  const answer = await fetch(form.dataset.upload, { method: "POST", body: context, headers: { "HX-Request": "true" } });
  if (answer.status === 422) part("context").innerHTML = await answer.text();
  if (!answer.ok || answer.redirected) throw new Error("not opened");
  const batch = await answer.json();
  context.set("accession", batch.accession);
  part("watch").setAttribute("hx-get", batch.rows);
  window.htmx.process(part("watch"));
  part("page").href = batch.page;
  part("page").hidden = false;
  return { url: batch.files, context };
};
