// From image to image without a new page: the address follows, the next picture is fetched ahead, and it is told aloud.
import { on, part, screen, whenShown } from "./shown.js";

let ahead = null;
on("click", "turn", (link, event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  window.htmx.ajax("GET", link.getAttribute("href"), { target: "#review", swap: "innerHTML" });
});
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.id !== "review" || !ahead?.complete) return;
  const source = ahead.getAttribute("src");
  event.detail.serverResponse = event.detail.serverResponse.replace(`data-picture src="${source}"`, `data-picture data-ahead="${source}"`);
});
const settle = () => {
  const picture = part("picture");
  if (!picture?.dataset.ahead) return;
  for (const { name, value } of [...picture.attributes]) if (name !== "src") ahead.setAttribute(name, value);
  picture.replaceWith(ahead);
};
const fetchAhead = () => {
  const next = screen().dataset.nextPicture;
  if (!next) return;
  const begin = () => { ahead = new Image(); ahead.src = next; };
  if (part("picture")?.complete) begin();
  else part("picture")?.addEventListener("load", begin, { once: true });
};
const follow = () => {
  const { url, title, announce } = screen().dataset;
  if (new URL(url, location).pathname !== location.pathname) { history.pushState(null, "", url); document.title = title; }
  document.getElementById("said").textContent = announce;
  const current = document.querySelector(".strip a[aria-current]");
  const strip = current?.closest(".strip");
  if (strip) { strip.scrollTop = current.offsetTop - strip.clientHeight / 2; strip.scrollLeft = current.offsetLeft - strip.clientWidth / 2; }
};
window.addEventListener("popstate", () => location.reload());
// The prepared picture has to stand before the viewer measures it.
document.addEventListener("htmx:afterSwap", (event) => { if (event.detail.target.id === "review") settle(); }, true);
whenShown(() => { follow(); fetchAhead(); });
