//! Who asks, for what, and where the key would go: facts apart from claims.

use std::path::Path;

use domain::{
    Asking, AuthorizeRequest, ClaimedText, Permission, PolicyKind, Program, Redirect, Tier, catalogue,
};
use maud::{Markup, html};

/// The three parts, with a warning above them where one is due.
pub(super) fn what_is_asked(asking: &Asking) -> Markup {
    let request = &asking.request;
    html! {
        (careful(&warnings(request)))
        dl {
            div { dt { "Who asks" } dd { (who(asking)) } }
            div { dt { "What for" } dd { (what(request)) } }
            div { dt { "Goes to" } dd { (whereto(request.redirect())) } }
        }
    }
}

fn careful(warnings: &[&str]) -> Markup {
    html! {
        @match warnings {
            [] => {}
            [warning] => { p .warning { strong { "Careful. " } (warning) } }
            several => {
                div .warning {
                    p { strong { "Careful." } }
                    ul { @for warning in several { li { (warning) } } }
                }
            }
        }
    }
}

fn who(asking: &Asking) -> Markup {
    let through = asking.asker.program.as_ref().and_then(name_of);
    html! {
        @match asking.request.display_name() {
            Some(name) => { strong { "“" (name) "”" } " " span .quiet { "(its own words)" } }
            None => { "An app that gives no name" }
        }
        @if let Some(through) = through { ", through " strong { (through) } }
    }
}

/// The name of the executable, made safe to show.
fn name_of(program: &Program) -> Option<ClaimedText> {
    let name = Path::new(program.exe.as_deref()?).file_name()?;
    ClaimedText::new(&name.to_string_lossy())
}

fn what(request: &AuthorizeRequest) -> Markup {
    html! {
        @if request.asked_nothing() {
            strong { "Proof that an account exists" }
            ": its id, and a key that can do nothing."
        } @else if request.only_unknown() {
            "Only permissions that Fieldgate does not know. It cannot be approved."
        } @else {
            "A key that allows:"
            ul .permissions { @for permission in request.permissions() { li { (ability(permission)) } } }
            @if let Some(stores) = stores(request) { (stores) }
        }
        @if !request.unknown().is_empty() {
            p .quiet {
                "Left out, because Fieldgate does not know it: "
                @for (nth, unknown) in request.unknown().iter().enumerate() {
                    @if nth > 0 { ", " } "“" (unknown) "”"
                }
            }
        }
    }
}

fn ability(permission: &Permission) -> Markup {
    let title =
        catalogue::entry(permission.policy()).map_or(permission.policy().as_str(), |entry| entry.title);
    html! {
        (title)
        @if let Some(store) = permission.scope() { " " span .quiet { "in store " (store) } }
    }
}

/// In which stores, for the permissions that do not say so themselves.
fn stores(request: &AuthorizeRequest) -> Option<Markup> {
    if !request.permissions().has_unscoped_store_policy() {
        return None;
    }
    let lead = if request.permissions().stores().is_empty() { "in " } else { "where no store is named, in " };
    let stores = if request.is_selective() {
        "the store you choose"
    } else {
        "all stores of one user: today’s, and later ones"
    };
    Some(html! { (lead) strong { (stores) } "." })
}

fn whereto(redirect: Option<&Redirect>) -> Markup {
    match redirect {
        None => html! { "Nowhere by itself: the key is shown in Fieldgate." },
        Some(redirect) => receiver(redirect),
    }
}

/// Who gets the key, as far as an address tells. Path and query are the receiver's own business.
pub(super) fn receiver(redirect: &Redirect) -> Markup {
    html! {
        strong .address { (redirect.origin()) }
        @if redirect.is_unencrypted() { ", " strong .danger { "unencrypted" } }
        @if redirect.is_loopback() { " " span .quiet { "(this computer)" } }
    }
}

fn warnings(request: &AuthorizeRequest) -> Vec<&'static str> {
    let permissions = request.permissions();
    let full = permissions.iter().any(|permission| permission.policy().kind() == PolicyKind::Unrestricted);
    let administers = permissions.tier() == Tier::Administer;
    let masked = request.display_name().is_some_and(ClaimedText::looks_alike);
    let unencrypted = request.redirect().is_some_and(Redirect::is_unencrypted);
    [
        (full, "Full control: every store, every wallet and all users."),
        (administers && !full, "This can administer a server or an account."),
        (permissions.tier() == Tier::MoveMoney, "This can move money, or decide where it goes."),
        (unencrypted, "The key would travel unencrypted."),
        (masked, "The name is written with letters that only look like others."),
    ]
    .into_iter()
    .filter_map(|(applies, warning)| applies.then_some(warning))
    .collect()
}
