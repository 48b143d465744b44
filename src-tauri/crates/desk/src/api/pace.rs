//! How fast users may be made by those who are no unrestricted admins.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use domain::Moment;

/// This many users in [`SPAN`] (Greenfield, `Users_CreateUser`).
const USERS: usize = 2;
const SPAN: Duration = Duration::from_secs(60);

/// When the last users were made, the newest first.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    last: Mutex<[Option<Moment>; USERS]>,
}

impl Pace {
    /// Takes one turn.
    ///
    /// # Errors
    /// How long to wait for the next one.
    pub(crate) fn take(&self, now: Moment) -> Result<(), Duration> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let [newest, oldest] = *last;
        let wait = oldest.map(|oldest| oldest.plus(SPAN).since(now)).unwrap_or_default();
        if !wait.is_zero() {
            return Err(wait);
        }
        *last = [Some(now), newest];
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Moment {
        Moment(Duration::from_secs(seconds))
    }

    #[test]
    fn two_turns_are_taken_in_any_sixty_seconds() {
        let pace = Pace::default();
        assert_eq!([0, 20].map(|second| pace.take(at(second))), [Ok(()), Ok(())]);
        assert_eq!(pace.take(at(20)), Err(Duration::from_secs(40)));
        assert_eq!(pace.take(at(59)), Err(Duration::from_secs(1)), "a turn refused is none");
        assert_eq!(pace.take(at(60)), Ok(()));
        assert_eq!(pace.take(at(60)), Err(Duration::from_secs(20)));
        assert_eq!(pace.take(at(80)), Ok(()));
    }
}
