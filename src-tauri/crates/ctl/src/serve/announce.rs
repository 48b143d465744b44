//! What is said once the gate is open.

use desk::CallError;
use owo_colors::OwoColorize;
use vault::GateJson;

use crate::commands::Context;
use crate::output;

/// Prints one line for programs, or what a person needs to try it.
///
/// # Errors
/// As [`output::show`].
pub(super) fn say(context: &Context, open: &GateJson, locked: bool) -> Result<(), CallError> {
    output::show(context.json, open, |open| in_words(open, &context.program(), locked))
}

/// Says on stderr that only one loopback family is served: a browser may look for `localhost` at the other first.
pub(super) fn say_v6_is_missing() {
    anstream::eprintln!("warning: this computer has no IPv6 loopback address; the gate is at 127.0.0.1 only");
}

fn in_words(open: &GateJson, program: &str, locked: bool) -> String {
    let url = &open.url;
    let example = "permissions=btcpay.store.canviewinvoices&applicationName=Till";
    let state = if locked {
        "It is locked: keys work, and requests wait for whoever approves them with the passphrase."
    } else {
        "It is unlocked."
    };
    format!(
        "{head} {url}\n{state}\n\n\
         An application asks for a key by opening\n  {url}/api-keys/authorize?{example}\n\
         or without a browser\n  curl '{url}/api-keys/authorize?{example}'\n\
         See who asks, and decide, in another terminal\n  {program} requests\n  {program} approve ID\n\n\
         Ctrl+C ends it.",
        head = "Fieldgate listens at".bold(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_reads_address_and_process() {
        let json = serde_json::to_value(GateJson { url: "http://127.0.0.1:5".into(), pid: 7 }).unwrap();
        assert_eq!(json, serde_json::json!({"url": "http://127.0.0.1:5", "pid": 7}));
    }

    #[test]
    fn a_person_reads_how_to_ask_how_to_approve_and_whether_it_is_locked() {
        let open = GateJson { url: "http://127.0.0.1:21420".into(), pid: 7 };
        let text = in_words(&open, "fieldgatectl", true);
        for said in
            ["http://127.0.0.1:21420/api-keys/authorize?", "curl '", "fieldgatectl approve ID", "locked"]
        {
            assert!(text.contains(said), "{said}: {text}");
        }
        assert!(in_words(&open, "fieldgatectl", false).contains("unlocked"));
    }
}
