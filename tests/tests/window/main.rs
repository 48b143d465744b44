//! Whole journeys in the real window, on a screen nobody looks at.

#![expect(clippy::indexing_slicing, reason = "of JSON documents: what is missing is null")]

use blackbox::Hand;

/// Makes two tests of each journey: `journey::by_mouse` and `journey::by_keyboard`.
macro_rules! by_both_hands {
    ($($journey:ident),+ $(,)?) => {$(
        mod $journey {
            #[tokio::test]
            async fn by_mouse() -> anyhow::Result<()> {
                super::$journey(crate::Hand::Mouse).await
            }

            #[tokio::test]
            async fn by_keyboard() -> anyhow::Result<()> {
                super::$journey(crate::Hand::Keyboard).await
            }
        }
    )+};
}

mod by_hand;
mod copying;
mod first_journey;
mod life;
mod locked_in;
mod locking;
mod many;
mod requests;
mod steps;
mod trying;
