// The review screen: each of these minds one thing of it.
import "./viewer.js";
import "./light.js";
import "./compare.js";
import "./heatmap.js";
import "./boxes.js";
import "./cells.js";
import "./decision.js";
import "./undo.js";
import "./turning.js";
import "./keys.js";
