use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::permission::samples::{any_set, permission, set};
use crate::{PolicyKind, Rights, Role, catalogue};

const AT: Timestamp = Timestamp(100);

fn demand(policy: &str, reach: Reach) -> Demand {
    Demand { policy: Policy::parse(policy).unwrap(), reach }
}

fn store(id: &str) -> Reach {
    Reach::Store(id.parse().unwrap())
}

/// What was used of `listed` after one demand.
fn used(listed: &[&str], policy: &str, reach: Reach) -> PermissionSet {
    Usage::from_iter([(demand(policy, reach), Tally::once(AT))]).used_of(&set(listed))
}

#[test]
fn a_demand_counts_for_the_narrowest_listed_permission_that_covers_it() {
    let view = "btcpay.store.canviewinvoices";
    for (listed, reach, counted) in [
        (vec!["unrestricted", view], store("a"), vec![view]),
        (vec!["unrestricted"], store("a"), vec!["unrestricted"]),
        (vec![view, "btcpay.store.canviewinvoices:a"], store("a"), vec!["btcpay.store.canviewinvoices:a"]),
        (vec![view, "btcpay.store.canviewinvoices:a"], store("b"), vec![view]),
        (vec![view, "btcpay.store.canviewinvoices:a"], Reach::Everything, vec![view]),
        (vec!["btcpay.store.canmodifyinvoices:a", view], store("b"), vec![view]),
        (vec!["btcpay.user.canviewprofile"], store("a"), vec![]),
        (vec![], store("a"), vec![]),
    ] {
        assert_eq!(used(&listed, view, reach.clone()), set(&counted), "{listed:?} {reach:?}");
    }
}

#[test]
fn a_demand_counts_for_each_where_none_is_narrower() {
    let both = ["btcpay.store.canmodifyinvoices", "btcpay.store.canviewinvoices:a"];
    assert_eq!(used(&both, "btcpay.store.canviewinvoices", store("a")), set(&both[1..]));
    let either = ["btcpay.store.canmodifyinvoices:a", "btcpay.store.canviewinvoices"];
    assert!(!permission(either[0]).covers(&permission(either[1])));
    assert_eq!(used(&either, "btcpay.store.canviewinvoices", store("a")), set(&either));
}

#[test]
fn a_demand_in_any_store_counts_for_every_store_that_is_listed() {
    let view = "btcpay.store.canviewstoresettings";
    let listed = [
        "btcpay.store.canviewstoresettings:a",
        "btcpay.store.canmodifystoresettings:b",
        "btcpay.store.canviewinvoices:c",
        "btcpay.user.canviewprofile",
    ];
    assert_eq!(used(&listed, view, Reach::AnyStore), set(&listed[..2]));
    assert_eq!(used(&["unrestricted"], view, Reach::AnyStore), set(&["unrestricted"]));
}

#[test]
fn each_permission_has_the_calls_first_and_last_of_all_its_demands() {
    let tally = |count, first, last| Tally { count, first: Timestamp(first), last: Timestamp(last) };
    let usage = Usage::from_iter([
        (demand("btcpay.store.canviewinvoices", store("a")), tally(3, 10, 40)),
        (demand("btcpay.store.canviewinvoices", store("b")), tally(2, 5, 20)),
        (demand("btcpay.store.canviewinvoices", store("b")), tally(1, 50, 50)),
    ]);
    let listed = set(&["btcpay.store.canviewinvoices", "btcpay.user.canviewprofile"]);
    let found: Vec<Option<Tally>> =
        usage.by_permission(&listed).into_iter().map(|(_, tally)| tally).collect();
    assert_eq!(found, [Some(tally(6, 5, 50)), None]);
}

/// Policies of the catalogue demanded wherever they can be, by an administrator who owns every store.
fn any_demand() -> impl Strategy<Value = Demand> {
    let policies: Vec<Policy> = catalogue::all().iter().map(catalogue::PolicyEntry::policy).collect();
    let reach = select(vec![Reach::Everything, Reach::AnyStore, store("abc"), store("ABC"), store("x")]);
    (select(policies), reach).prop_map(|(policy, reach)| {
        let reach = if policy.kind() == PolicyKind::Store { reach } else { Reach::Everything };
        Demand { policy, reach }
    })
}

fn granted(held: &PermissionSet, demand: &Demand) -> bool {
    let rights = Rights { held, is_admin: true };
    match &demand.reach {
        Reach::Everything => rights.allow(&demand.policy),
        Reach::Store(store) => rights.allow_in(&demand.policy, store, Some(Role::Owner)),
        Reach::AnyStore => rights.allow_somewhere(&demand.policy),
    }
}

proptest! {
    #[test]
    fn a_key_reduced_to_what_is_used_still_covers_every_demand_that_was_made(
        listed in any_set(), demands in prop::collection::vec(any_demand(), 0..40)
    ) {
        let made: Vec<Demand> = demands.into_iter().filter(|demand| granted(&listed, demand)).collect();
        let usage: Usage = made.iter().map(|demand| (demand.clone(), Tally::once(AT))).collect();
        let reduced = usage.used_of(&listed);
        prop_assert!(reduced.is_subset_of(&listed));
        for demand in &made {
            prop_assert!(granted(&reduced, demand), "{demand:?} by {reduced:?}");
            if demand.reach != Reach::AnyStore {
                continue;
            }
            // Nor does a list of stores get shorter.
            for store in ["abc", "ABC", "x"].map(store).into_iter().chain(
                listed.stores().into_iter().map(|store| Reach::Store(store.clone()))
            ) {
                let there = Demand { reach: store, ..demand.clone() };
                prop_assert_eq!(granted(&reduced, &there), granted(&listed, &there));
            }
        }
    }

    #[test]
    fn what_is_kept_was_used_and_a_second_reduction_keeps_it_all(
        listed in any_set(), demands in prop::collection::vec(any_demand(), 0..20)
    ) {
        let usage: Usage = demands.iter().map(|demand| (demand.clone(), Tally::once(AT))).collect();
        let reduced = usage.used_of(&listed);
        for kept in &reduced {
            let alone: PermissionSet = [kept.clone()].into_iter().collect();
            prop_assert!(demands.iter().any(|demand| granted(&alone, demand)), "{kept} granted nothing");
        }
        prop_assert_eq!(usage.used_of(&reduced), reduced);
    }

    #[test]
    fn usage_taken_in_any_pieces_adds_up(
        uses in prop::collection::vec((any_demand(), 1_u64..5, 0_i64..50), 0..30), cut in 0_usize..30
    ) {
        let uses: Vec<(Demand, Tally)> = uses.into_iter()
            .map(|(demand, count, at)| (demand, Tally { count, ..Tally::once(Timestamp(at)) })).collect();
        let whole: Usage = uses.iter().cloned().collect();
        let (one, other) = uses.split_at(cut.min(uses.len()));
        let mut pieces: Usage = other.iter().cloned().collect();
        pieces.extend(Usage::from_iter(one.iter().cloned()));
        prop_assert_eq!(whole, pieces);
    }
}
