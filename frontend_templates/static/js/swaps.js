// htmx: the answers 409 (somebody was faster) and 422 (something is missing) are pages to show, not faults to hide.
document.addEventListener("htmx:beforeSwap", (event) => {
  if ([409, 422].includes(event.detail.xhr.status)) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});
document.addEventListener("htmx:sendError", () => {
  const line = document.getElementById("connection");
  if (line) line.hidden = false;
});
document.addEventListener("htmx:afterOnLoad", () => {
  const line = document.getElementById("connection");
  if (line) line.hidden = true;
});
