// Two images of a case side by side: G, the button; which one, by the list over the second picture.
import { on, part } from "./shown.js";
import { Pane } from "./viewer.js";

let second = null;
const look = () => {
  const picture = part("second").querySelector("img");
  picture.src = part("compare-with").value;
  picture.onload = () => second.show();
};
on("click", "compare", (button) => {
  const pane = part("second");
  const shown = pane.hidden;
  pane.hidden = !shown;
  button.setAttribute("aria-pressed", String(shown));
  if (second?.element !== pane) second = new Pane(pane);
  if (shown) look();
});
on("change", "compare-with", look);
