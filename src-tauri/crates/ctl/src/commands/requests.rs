//! `requests`, `approve`, `refuse`, `deliver`.

mod words;

use assembly::clock;
use desk::calls::{
    Approve, ApprovedView, Deliver, DeliveredView, Matching, Proof, ReceiverShow, Refuse, RequestView,
    Requests,
};
use desk::{CallError, Code};
use domain::{RequestId, RequestStatus, Standing};
use owo_colors::OwoColorize;

use super::Context;
use crate::host::Host;
use crate::output::{safe_list, when};
use crate::{args, output, question};

pub(super) use words::one_line;

pub(super) async fn list(context: &Context) -> Result<(), CallError> {
    let requests = context.call(Requests {}).await?;
    context.show(&requests, |requests| words::table(requests, clock::now()))
}

pub(super) async fn approve(context: &Context, args: args::Approve) -> Result<(), CallError> {
    let mut host = context.running().await?;
    let number_is_open = args.number.is_none() && !args.no_number;
    let mut approval = approval(args);
    if number_is_open && context.may_ask() {
        ask_for_number(&mut host, &mut approval).await?;
    }
    let approved = match host.call(approval.clone()).await {
        Err(error) if error.code == Code::ChoiceNeeded && context.may_ask() => {
            let Some(matching) = ask_for_choice(&error)? else {
                return output::line("Nothing was decided.");
            };
            host.call(Approve { matching: Some(matching), ..approval }).await?
        }
        answer => answer?,
    };
    context.show(&approved, approved_in_words)
}

fn approval(args: args::Approve) -> Approve {
    let matching = match (args.existing, args.new) {
        (true, _) => Some(Matching::Existing),
        (false, true) => Some(Matching::New),
        (false, false) => None,
    };
    Approve {
        id: args.id,
        user: args.user,
        issuer: args.issuer,
        stores: args.stores,
        permissions: Some(args.permissions).filter(|named| !named.is_empty()),
        label: args.label,
        expires: args.expires.and_then(|expiry| expiry.from(clock::now())),
        // `--no-number` says what the passphrase stands for anyway.
        proof: args.number.map_or(Proof::Passphrase, Proof::Number),
        matching,
        stop_old: args.stop_old,
        passphrase: None,
        receiver: None,
        remember: None,
    }
}

/// Shows the request once more and asks for the number, for whoever did not type one.
async fn ask_for_number(host: &mut Host, approval: &mut Approve) -> Result<(), CallError> {
    let requests = host.call(Requests {}).await?;
    let waiting = requests.iter().find(|it| it.id == approval.id && it.status == RequestStatus::Pending);
    let Some(request) = waiting else { return Ok(()) };
    anstream::eprintln!("{}", words::sentence(request));
    approval.receiver.clone_from(&request.receiver);
    let typed = question::line("The number it shows (Enter: none, I started it myself): ")?;
    if !typed.is_empty() {
        let number = typed.parse().map_err(|_| CallError::invalid("number", "the number has two digits"))?;
        approval.proof = Proof::Number(number);
    }
    Ok(())
}

fn ask_for_choice(error: &CallError) -> Result<Option<Matching>, CallError> {
    anstream::eprintln!("{}", output::safe(&error.message));
    let answer =
        question::line("[e] hand that key over again, [n] make a new one, anything else: neither: ")?;
    Ok(match answer.to_lowercase().as_str() {
        "e" | "existing" => Some(Matching::Existing),
        "n" | "new" => Some(Matching::New),
        _ => None,
    })
}

fn approved_in_words(approved: &ApprovedView) -> String {
    let grant = &approved.grant;
    let key = if grant.existing { "Handed over again" } else { "Approved" };
    let may = match grant.permissions.is_empty() {
        true => "It proves that the account exists, and can do nothing.".to_owned(),
        false => format!("It may: {}", safe_list(&grant.permissions)),
    };
    let mut lines = vec![format!("{key}: key {}. {may}", grant.key)];
    if let Some(receiver) = &approved.receiver {
        lines.push(format!("It goes to {}.", output::safe(&receiver.to_string())));
    }
    if let Some(secret) = &approved.api_key {
        lines.push(format!("There is nowhere to send it. Here it is: {}", secret.expose().bold()));
    }
    lines.extend(approved.wider.iter().map(|wider| {
        format!(
            "Key {} of this application was not handed over; it also may: {}",
            wider.id,
            safe_list(&wider.extra)
        )
    }));
    lines.join("\n")
}

pub(super) async fn refuse(context: &Context, id: RequestId, block: bool) -> Result<(), CallError> {
    let refused = context.running().await?.call(Refuse { id, block }).await?;
    context.show(&refused, |refused| match refused.standing {
        Standing::Blocked => "Refused. This application is refused from now on without asking.".to_owned(),
        Standing::New | Standing::Known => "Refused. Nothing was sent.".to_owned(),
    })
}

pub(super) async fn deliver(context: &Context, id: RequestId, new_receiver: bool) -> Result<(), CallError> {
    let mut host = context.running().await?;
    let delivered = match host.call(Deliver { id: id.clone(), receiver: None }).await {
        Err(error) if error.code == Code::ReceiverChanged && (new_receiver || context.may_ask()) => {
            let now = host.call(ReceiverShow { id: id.clone() }).await?.now;
            if !new_receiver && !is_accepted(&error)? {
                return output::line("Nothing was delivered.");
            }
            host.call(Deliver { id, receiver: now }).await?
        }
        answer => answer?,
    };
    context.show(&delivered, delivered_in_words)
}

fn is_accepted(error: &CallError) -> Result<bool, CallError> {
    anstream::eprintln!("{}", output::safe(&error.message));
    question::confirm("Deliver it there all the same?")
}

fn delivered_in_words(delivered: &DeliveredView) -> String {
    match (delivered.status, delivered.until) {
        (RequestStatus::Delivered, _) => "Delivered.".to_owned(),
        (_, Some(until)) => {
            format!(
                "The application can collect the key again; that ends {}.",
                when::until(until, clock::now())
            )
        }
        (status, None) => format!("The request is {}.", words::status(status)),
    }
}

/// What of a request says that it changed: all but the end that moves by itself.
pub(super) fn unmoved(request: &RequestView) -> RequestView {
    RequestView { expires_at: None, ..request.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    fn typed(line: &str) -> Approve {
        let words = ["fieldgatectl", "approve", "abc"].into_iter().chain(line.split_whitespace());
        let command = args::Args::try_parse_from(words).unwrap().command;
        let args::Command::Approve(args) = command else { panic!("{command:?}") };
        approval(args)
    }

    #[test]
    fn the_passphrase_stands_for_a_number_that_is_not_given() {
        assert_eq!(typed("").proof, Proof::Passphrase);
        assert_eq!(typed("--no-number").proof, Proof::Passphrase);
        assert_eq!(typed("--number 47").proof, Proof::Number(47));
    }

    #[test]
    fn no_permission_named_is_not_an_empty_grant() {
        assert_eq!(typed("").permissions, None);
        assert_eq!(typed("--permission a --permission b").permissions, Some(vec!["a".into(), "b".into()]));
    }

    #[test]
    fn a_key_that_is_there_is_neither_handed_over_nor_replaced_unless_said() {
        assert_eq!(typed("").matching, None);
        assert_eq!(typed("--existing").matching, Some(Matching::Existing));
        assert_eq!(typed("--new").matching, Some(Matching::New));
    }

    #[test]
    fn never_and_nothing_said_both_leave_the_key_without_an_end() {
        assert_eq!(typed("").expires, None);
        assert_eq!(typed("--expires never").expires, None);
        assert!(typed("--expires 1h").expires.is_some());
    }
}
