//! Whole journeys in the real window, on a screen nobody looks at.

#![expect(clippy::indexing_slicing, reason = "of JSON documents: what is missing is null")]

mod by_hand;
mod first_journey;
mod life;
mod locking;
mod many;
mod requests;
mod steps;
mod trying;
