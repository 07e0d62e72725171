import { bind } from "./bind.js";
import { components } from "./components.js";

bind(components);
