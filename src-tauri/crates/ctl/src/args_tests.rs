use clap::CommandFactory;
use clap::error::ErrorKind;

use super::*;

fn parse(line: &str) -> Result<Args, clap::Error> {
    Args::try_parse_from(std::iter::once("fieldgatectl").chain(line.split_whitespace()))
}

fn refused(line: &str) -> ErrorKind {
    parse(line).map(|args| panic!("{line} was read as {args:?}")).unwrap_err().kind()
}

#[test]
fn the_definition_of_the_command_line_holds_together() {
    Args::command().debug_assert();
}

#[test]
fn home_and_json_may_stand_before_or_after_the_command() {
    for line in ["--home /tmp/x --json key list", "key list --json --home /tmp/x"] {
        let args = parse(line).unwrap();
        assert!(args.json, "{line}");
        assert_eq!(args.home.unwrap(), PathBuf::from("/tmp/x"), "{line}");
    }
}

#[test]
fn an_approval_is_read_word_by_word() {
    let line = "approve 0123 --user ana@shop.example --issuer server:s1 --store A --store B --permission p.q \
                --permission r.s --label Till --expires 1d --number 47 --existing";
    let Command::Approve(approve) = parse(line).unwrap().command else { panic!("no approval") };
    assert_eq!(approve.id.as_str(), "0123");
    assert_eq!(approve.user.as_deref(), Some("ana@shop.example"));
    assert_eq!(approve.issuer.unwrap().to_string(), "server:s1");
    assert_eq!(approve.stores.iter().map(StoreId::as_str).collect::<Vec<_>>(), ["A", "B"]);
    assert_eq!(approve.permissions, ["p.q", "r.s"]);
    assert_eq!(approve.label.as_deref(), Some("Till"));
    assert_eq!(approve.number, Some(47));
    assert!(approve.expires.is_some() && approve.existing && !approve.new && !approve.no_number);
}

#[test]
fn what_contradicts_itself_is_a_usage_error() {
    assert_eq!(refused("approve a --number 47 --no-number"), ErrorKind::ArgumentConflict);
    assert_eq!(refused("approve a --existing --new"), ErrorKind::ArgumentConflict);
    assert_eq!(refused("user password a@b --remove --password-file f"), ErrorKind::ArgumentConflict);
}

#[test]
fn what_cannot_be_meant_is_a_usage_error() {
    assert_eq!(refused("approve a --number 7"), ErrorKind::ValueValidation);
    assert_eq!(refused("approve a --number 100"), ErrorKind::ValueValidation);
    assert_eq!(refused("approve a/b"), ErrorKind::ValueValidation);
    assert_eq!(refused("approve a --expires soon"), ErrorKind::ValueValidation);
    assert_eq!(refused("approve a --issuer somebody"), ErrorKind::ValueValidation);
    assert_eq!(refused("init --admin nobody"), ErrorKind::ValueValidation);
    assert_eq!(refused("serve --port 70000"), ErrorKind::ValueValidation);
    assert_eq!(refused("key create"), ErrorKind::MissingRequiredArgument);
    assert_eq!(refused("user disable"), ErrorKind::MissingRequiredArgument);
    assert_eq!(refused("restore x"), ErrorKind::InvalidSubcommand);
}

#[test]
fn a_role_is_named_in_any_case_and_is_one_of_four() {
    let Command::Store(Store::Member { role, .. }) =
        parse("store member A ana@shop.example --role manager").unwrap().command
    else {
        panic!("no member")
    };
    assert_eq!(role, Role::Manager);
    assert_eq!(refused("store member A ana@shop.example --role boss"), ErrorKind::ValueValidation);
    assert_eq!(refused("store member A ana@shop.example"), ErrorKind::MissingRequiredArgument);
    assert_eq!(refused("user delete ana"), ErrorKind::ValueValidation);
    assert_eq!(refused("log --verify --export f"), ErrorKind::ArgumentConflict);
}

#[test]
fn a_usage_error_exits_with_two() {
    assert_eq!(parse("--json key create").unwrap_err().exit_code(), 2);
}

#[test]
fn no_argument_takes_a_secret() {
    let mut words = Vec::new();
    collect(&Args::command(), &mut words);
    words.retain(|word| ["password", "passphrase", "secret", "token"].iter().any(|secret| word == secret));
    assert!(words.is_empty(), "{words:?}");
}

fn collect(command: &clap::Command, words: &mut Vec<String>) {
    words.extend(command.get_arguments().filter_map(|arg| arg.get_long().map(str::to_owned)));
    for below in command.get_subcommands() {
        collect(below, words);
    }
}
