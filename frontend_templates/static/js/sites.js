// What was sent last from each site: choosing a site brings back its specimen, stain and kind.
const known = JSON.parse(document.querySelector("[data-upload]").dataset.sites || "{}");
document.addEventListener("change", (event) => {
  const usual = event.target.name === "site" && known[event.target.value];
  if (!usual) return;
  for (const [name, value] of Object.entries(usual)) {
    const field = event.target.form.elements[name];
    if (field) field.value = value;
  }
});
