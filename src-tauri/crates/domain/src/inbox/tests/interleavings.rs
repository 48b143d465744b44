//! Whatever happens in whatever order: each asking completes once, and nobody gets another's key.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

/// Askings the steps are about: three programs, browsers and programs, with and without redirect, some twins.
const ASKERS: u8 = 40;

#[derive(Debug, Clone)]
enum Step {
    Submit(u8, Attention),
    Poll(u8, u8),
    Collect(u8, u8),
    Claim(u8),
    Approve(u8),
    Refuse(u8),
    Release(u8),
    DropClaim(u8),
    Number(u8, u8),
    Posted(u8, bool),
    Rearm(u8),
    ShowAll,
    Tick,
    Wait(u64),
}

fn step() -> impl Strategy<Value = Step> {
    let n = || 0..ASKERS;
    let attention = prop_oneof![Just(Attention::Seen), Just(Attention::Unseen)];
    // Mostly the asker itself, sometimes somebody else.
    let presents =
        || (n(), n(), 0..4_u8).prop_map(|(n, other, odd)| if odd == 0 { (n, other) } else { (n, n) });
    prop_oneof![
        8 => (n(), attention).prop_map(|(n, attention)| Step::Submit(n, attention)),
        4 => presents().prop_map(|(n, by)| Step::Poll(n, by)),
        4 => presents().prop_map(|(n, by)| Step::Collect(n, by)),
        4 => n().prop_map(Step::Claim),
        3 => n().prop_map(Step::Approve),
        1 => n().prop_map(Step::Refuse),
        1 => n().prop_map(Step::Release),
        1 => n().prop_map(Step::DropClaim),
        2 => (n(), 10..=99_u8).prop_map(|(n, number)| Step::Number(n, number)),
        1 => (n(), any::<bool>()).prop_map(|(n, ok)| Step::Posted(n, ok)),
        1 => n().prop_map(Step::Rearm),
        1 => Just(Step::ShowAll),
        2 => Just(Step::Tick),
        3 => (0..90_u64).prop_map(Step::Wait),
    ]
}

fn nth(n: u8) -> Asking {
    let query = ["", REDIRECT, "permissions=btcpay.store.canviewinvoices"][usize::from(n / 4 % 3)];
    let mut asking = asked_with(n, query).by(&format!("/bin/program-{}", n % 12));
    if n % 8 < 3 {
        asking = asking.browser();
    }
    if n.is_multiple_of(7) {
        asking = asking.known();
    }
    asking
}

fn route(n: u8) -> (Mode, bool) {
    let asking = nth(n);
    (asking.asker.mode, asking.request.redirect().is_some())
}

/// The inbox beside a plain record of what happened to it.
#[derive(Default)]
struct World {
    inbox: Inbox,
    now: u64,
    claims: BTreeMap<u8, Claim>,
    submitted: BTreeMap<u8, u64>,
    granted: BTreeMap<u8, usize>,
    completed: BTreeMap<RequestId, usize>,
    laid_out: BTreeMap<u8, usize>,
    handed_out: BTreeMap<u8, usize>,
}

impl World {
    fn take(&mut self, effects: &[Effect]) {
        let changed = effects.iter().position(|effect| matches!(effect, Effect::Changed));
        assert!(changed.is_none_or(|index| index + 1 == effects.len()), "Changed is last, and once");
        for effect in effects {
            match effect {
                Effect::Approved { asking, .. } | Effect::Ended { asking, .. } => {
                    *self.completed.entry(asking.id.clone()).or_default() += 1;
                }
                Effect::Raise | Effect::Changed => {}
            }
        }
    }

    fn run(&mut self, step: Step) {
        let now = at(self.now);
        match step {
            Step::Submit(n, attention) => self.submit(n, attention),
            Step::Poll(n, by) => {
                let stranger =
                    matches!(self.inbox.poll(&id(n), &own(by), now), Polled::Here { .. }) && n != by;
                assert!(!stranger, "{by} was taken for {n}");
            }
            Step::Collect(n, by) => self.collect(n, by),
            Step::Claim(n) => {
                if let Ok(claim) = self.inbox.claim(&id(n), now) {
                    assert!(self.claims.insert(n, claim).is_none(), "{n} was claimed twice");
                }
            }
            Step::Approve(n) => self.approve(n),
            Step::Refuse(n) => {
                let effects = self.claims.remove(&n).map(|claim| self.inbox.refuse(claim, now));
                self.take(&effects.unwrap_or_default());
            }
            Step::Release(n) => {
                let effects = self.claims.remove(&n).map(|claim| self.inbox.release(claim, now));
                self.take(&effects.unwrap_or_default());
            }
            Step::DropClaim(n) => drop(self.claims.remove(&n)),
            Step::Number(n, number) => {
                let typed = self.inbox.check_number(&id(n), Number::try_from(number).unwrap(), now);
                if let Err(NumberError::Wrong { effects, .. }) = typed {
                    self.take(&effects);
                }
            }
            Step::Posted(n, ok) => {
                let effects = self.inbox.posted(&id(n), ok.then_some(()).ok_or(PostFailed), now);
                self.take(&effects);
            }
            Step::Rearm(n) => self.rearm(n),
            Step::ShowAll => {
                let effects = self.inbox.show_all(now);
                self.take(&effects);
            }
            Step::Tick => self.tick(),
            Step::Wait(seconds) => self.now += seconds,
        }
    }

    fn submit(&mut self, n: u8, attention: Attention) {
        // An id is drawn once; only one that was turned away tries again.
        if self.submitted.contains_key(&n) {
            return;
        }
        if let Ok(effects) = self.inbox.submit(nth(n), at(self.now), attention) {
            self.submitted.insert(n, self.now);
            self.take(&effects);
        }
    }

    fn approve(&mut self, n: u8) {
        let Some(claim) = self.claims.remove(&n) else { return };
        let effects = self.inbox.approve(claim, handover(n), at(self.now));
        *self.granted.entry(n).or_default() += 1;
        *self.laid_out.entry(n).or_default() += 1;
        self.take(&effects);
    }

    /// As the store allows: what was granted, known here or forgotten.
    fn rearm(&mut self, n: u8) {
        let result = self.inbox.rearm(nth(n), handover(n), at(self.now));
        let known = self.granted.contains_key(&n) || !self.submitted.contains_key(&n);
        match result {
            Ok(effects) => {
                let pending = self.submitted.contains_key(&n) && !self.completed.contains_key(&id(n));
                assert!(!pending, "{n} is delivered again and was never decided");
                *self.laid_out.entry(n).or_default() += 1;
                self.submitted.entry(n).or_insert(self.now);
                self.completed.entry(id(n)).or_insert(1);
                self.take(&effects);
            }
            Err(NotGranted) => assert!(!known, "{n} was granted and is not delivered again"),
        }
    }

    fn collect(&mut self, n: u8, by: u8) {
        let Ok(collected) = self.inbox.collect(&id(n), &own(by), at(self.now)) else { return };
        assert_eq!(by, n, "a key for somebody else");
        assert_eq!(collected.secret.expose(), handover(n).secret.unwrap().expose());
        assert!(matches!(route(n), (Mode::Browser, true) | (Mode::Program, false)), "nobody collects there");
        if route(n).0 == Mode::Program {
            *self.handed_out.entry(n).or_default() += 1;
        }
        assert!(self.handed_out.get(&n) <= self.laid_out.get(&n), "collected more often than laid out");
    }

    fn tick(&mut self) {
        let effects = self.inbox.tick(at(self.now));
        self.take(&effects);
        assert!(self.inbox.next_deadline().is_none_or(|next| next > at(self.now)), "a tick left work undone");
    }

    fn check(&self) {
        let open: Vec<&Entry> =
            self.inbox.entries.iter().filter(|entry| entry.is_open(at(self.now))).collect();
        assert!(open.len() <= 32);
        assert!(open.iter().filter(|entry| entry.asking.standing != Standing::Known).count() <= 24);
        for entry in &open {
            let same = open.iter().filter(|other| entry.asking.asker.same_program(&other.asking.asker));
            assert!(same.count() <= 4);
        }
        for (n, submitted) in &self.submitted {
            assert!(self.inbox.expires_at(&id(*n)).is_none_or(|end| end <= at(submitted + 1800)));
        }
        assert!(self.completed.values().all(|times| *times == 1), "completed twice");
    }

    fn finish(mut self) {
        let effects = self.inbox.close(at(self.now));
        self.take(&effects);
        for (index, n) in self.claims.keys().copied().collect::<Vec<_>>().into_iter().enumerate() {
            self.run([Step::Approve, Step::Refuse, Step::Release, Step::DropClaim][index % 4](n));
        }
        self.tick();
        self.check();
        assert!(self.inbox.cards().is_empty(), "something is pending after closing");
        for n in self.submitted.keys() {
            assert_eq!(self.completed.get(&id(*n)), Some(&1), "{n} was not completed once");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_interleaving_completes_each_asking_exactly_once(steps in prop::collection::vec(step(), 1..250)) {
        let mut world = World::default();
        for step in steps {
            world.run(step);
            world.check();
        }
        world.finish();
    }
}
