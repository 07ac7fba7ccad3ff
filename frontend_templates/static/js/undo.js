// The offer to undo goes when its time is over.
import { part, whenShown } from "./shown.js";

let timer = 0;
const count = () => {
  clearTimeout(timer);
  const toast = part("toast");
  if (toast) timer = setTimeout(() => toast.remove(), Number(toast.dataset.toast));
};
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status !== 410) return;
  event.detail.target = document.getElementById("toast");
  event.detail.shouldSwap = true;
  event.detail.isError = false;
});
document.addEventListener("htmx:afterSettle", count);
whenShown(count);
