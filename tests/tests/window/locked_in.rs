//! What a page of the window could do if somebody else had written it.

use anyhow::{Result, ensure};
use blackbox::{Callback, Hand, Home, in_window};
use serde_json::{Value, json};

use crate::steps::unlock;

/// Tries to run what is not built in, and to fetch from elsewhere: each has to break the page's policy.
const FOREIGN: &str = r#"
    const [elsewhere, done] = arguments;
    const broken = new Set();
    const all = ["script-src-elem", "style-src-attr", "img-src", "connect-src", "frame-src"];
    document.addEventListener("securitypolicyviolation", (event) => {
      broken.add(event.effectiveDirective);
      if (all.every((one) => broken.has(one))) done([...broken]);
    });
    const add = (name, values) => document.body.append(Object.assign(document.createElement(name), values));
    add("script", { textContent: "window.foreign = true" });
    add("script", { src: elsewhere });
    add("img", { src: elsewhere });
    add("iframe", { src: elsewhere });
    const styled = document.createElement("p");
    styled.setAttribute("style", "color: red");
    document.body.append(styled);
    fetch(elsewhere).catch(() => undefined);
"#;

/// Whether text can be made into a program.
const EVAL: &str = "try { return new Function('return true')() } catch { return false }";

/// Makes each of these commands, and answers those that were not refused.
const COMMANDS: &str = r#"
    const [names, done] = arguments;
    const tried = names.map((name) => window.__TAURI_INTERNALS__.invoke(name, {}).then(() => name, () => null));
    Promise.all(tried).then((made) => done(made.filter((name) => name !== null)));
"#;

#[tokio::test]
async fn a_page_of_the_window_runs_nothing_foreign_and_has_one_command() -> Result<()> {
    let home = Home::new().await?;
    let elsewhere = Callback::new().await?;
    in_window(&home, Hand::Keyboard, async |window| {
        unlock(window, &home).await?;
        let there = json!(elsewhere.url("/foreign"));
        window.client.execute_async(FOREIGN, vec![there.clone()]).await?;
        let run = async |script| window.client.execute(script, Vec::<Value>::new()).await;
        ensure!(run("return window.foreign ?? null").await? == Value::Null, "a script in the page ran");
        ensure!(run(EVAL).await? == false, "text becomes a program");
        ensure!(
            run("return window.__TAURI__ ?? null").await? == Value::Null,
            "Tauri is in reach of everybody"
        );
        ensure!(run("return Object.isFrozen(Object.prototype)").await? == true, "prototypes can be changed");
        let others = json!([
            "plugin:window|close",
            "plugin:event|emit",
            "plugin:webview|create_webview_window",
            "plugin:app|version",
            "plugin:path|resolve_directory",
            "plugin:resources|close",
        ]);
        let made = window.client.execute_async(COMMANDS, vec![others]).await?;
        ensure!(made == json!([]), "the page may also {made}");

        let go = "location.assign(arguments[0]); return window.open(arguments[0]) === null";
        ensure!(window.client.execute(go, vec![there]).await? == true, "another window opens");
        window.click("nav-keys").await?;
        window.find("new-key").await?;
        ensure!(window.client.windows().await?.len() == 1, "there is another window");
        ensure!(elsewhere.received().is_empty(), "something was fetched from elsewhere");
        Ok(())
    })
    .await
}
