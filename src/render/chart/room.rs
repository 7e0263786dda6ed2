//! How many pixels are in memory at once: pictures wait for one another where they are drawn side by side.
//!
//! Knows no picture, only their pixels.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// The most pixels of one picture: four bytes each while it is drawn, so 400 megabytes.
pub(super) const MOST_PIXELS: u64 = 100_000_000;

/// Room for pixels, shared by all that are drawn at once.
#[derive(Debug)]
pub struct Room {
    most: u64,
    taken: Mutex<u64>,
    freed: Condvar,
}

/// Room taken; given back when dropped.
pub(super) struct Place<'r> {
    room: &'r Room,
    pixels: u64,
}

impl Room {
    /// Room for the largest picture there may be, or for several that are not larger together.
    pub fn new() -> Room {
        Room::of(MOST_PIXELS)
    }

    fn of(most: u64) -> Room {
        Room { most, taken: Mutex::new(0), freed: Condvar::new() }
    }

    /// Takes room, and waits for it; what is larger than all room waits for the whole of it.
    pub(super) fn take(&self, pixels: u64) -> Place<'_> {
        let pixels = pixels.min(self.most);
        let is_full = |taken: &mut u64| *taken + pixels > self.most;
        let waited = self.freed.wait_while(self.taken(), is_full);
        *waited.unwrap_or_else(PoisonError::into_inner) += pixels;
        Place { room: self, pixels }
    }

    /// A number is whole whatever happened to who held it.
    fn taken(&self) -> MutexGuard<'_, u64> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Room {
    fn default() -> Room {
        Room::new()
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        *self.room.taken() -= self.pixels;
        self.room.freed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    #[test]
    fn never_more_is_drawn_at_once_than_there_is_room_for() {
        let room = Room::of(100);
        let (now, peak) = (AtomicU64::new(0), AtomicU64::new(0));
        std::thread::scope(|scope| {
            for worker in 0..8_u64 {
                let (room, now, peak) = (&room, &now, &peak);
                scope.spawn(move || {
                    for turn in 0..20 {
                        let pixels = 1 + (worker * 31 + turn * 17) % 60;
                        let place = room.take(pixels);
                        peak.fetch_max(now.fetch_add(pixels, Ordering::SeqCst) + pixels, Ordering::SeqCst);
                        std::thread::yield_now();
                        now.fetch_sub(pixels, Ordering::SeqCst);
                        drop(place);
                    }
                });
            }
        });
        let peak = peak.into_inner();
        assert!((60..=100).contains(&peak), "{peak} at once");
        assert_eq!(*room.taken(), 0);
    }

    #[test]
    fn what_is_larger_than_the_room_has_it_alone() {
        let room = Room::of(100);
        let place = room.take(1_000);
        assert_eq!(*room.taken(), 100);
        drop(place);
        assert_eq!(*room.taken(), 0);
    }
}
