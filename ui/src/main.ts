import { mount } from "svelte";
import App from "./App.svelte";
import { openHost } from "./host/open";
import { Desk } from "./state/desk.svelte";
import { theme } from "./state/theme.svelte";
import "./style/tokens.css";
import "./style/base.css";

theme.start();
const target = document.getElementById("app");
if (target) mount(App, { target, props: { desk: new Desk(await openHost()) } });
