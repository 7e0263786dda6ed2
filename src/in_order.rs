//! Work on pieces by several threads, its results in the order of the pieces.
//!
//! One thread reads ahead, a few work, and what each piece came to is handed on in order: so output has the same bytes, and
//! the first twenty problems are the same, whatever thread was quickest. A result that is early waits for those before it;
//! so that few wait, little is read ahead. Knows nothing of files and scorecards.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// Reads pieces by handing them to a function, until that wants no more.
pub type Reading<'r, P> = dyn FnMut(&mut dyn FnMut(P) -> bool) -> std::io::Result<()> + Send + 'r;

/// Works on every piece and hands the results on in order, until `take` answers that no more is wanted.
///
/// One thread is the caller's, which then does all. Of more, each works on a piece, while another one is read and one result
/// is taken: `threads + 2` are held at most, beside the one that is being read.
///
/// # Errors
/// Whatever reading met; what was read before has been handed on.
///
/// # Panics
/// Where reading or the work panics.
pub fn in_order<P: Send, T: Send>(
    threads: NonZeroUsize,
    read: &mut Reading<'_, P>,
    work: impl Fn(P) -> T + Sync,
    mut take: impl FnMut(T) -> bool,
) -> std::io::Result<()> {
    if threads == NonZeroUsize::MIN {
        return read(&mut |piece| take(work(piece)));
    }
    let (give, given) = channel::<(usize, P)>();
    let given = Mutex::new(given);
    let (done, results) = channel();
    let (permit, permits) = channel();
    thread::scope(|scope| {
        // Dropped with this closure, even where it panics: then nobody waits to read more.
        let permit = permit;
        for _ in 0..threads.get() {
            let (given, work, done) = (&given, &work, done.clone());
            scope.spawn(move || {
                while let Some((at, piece)) = next(given) {
                    // A result that never came would be waited for.
                    let result = catch_unwind(AssertUnwindSafe(|| work(piece)));
                    if done.send((at, result)).is_err() {
                        return;
                    }
                }
            });
        }
        drop(done);
        let reader = scope.spawn(move || {
            let mut at = 0..;
            read(&mut |piece| {
                permits.recv().is_ok() && at.next().is_some_and(|at: usize| give.send((at, piece)).is_ok())
            })
        });
        // Nobody is there to be permitted once all is read.
        (0..threads.get() + 2).for_each(|_| _ = permit.send(()));
        let (mut early, mut due) = (BTreeMap::new(), 0);
        'all: for (at, result) in results {
            early.insert(at, result);
            while let Some(result) = early.remove(&due) {
                if !take(result.unwrap_or_else(|panic| resume_unwind(panic))) {
                    break 'all;
                }
                due += 1;
                _ = permit.send(());
            }
        }
        drop(permit);
        reader.join().unwrap_or_else(|panic| resume_unwind(panic))
    })
}

fn next<T>(given: &Mutex<Receiver<T>>) -> Option<T> {
    given.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    fn threads(count: usize) -> NonZeroUsize {
        NonZeroUsize::new(count).expect("not zero")
    }

    fn pieces(count: u64) -> impl FnMut(&mut dyn FnMut(u64) -> bool) -> std::io::Result<()> + Send {
        move |take| {
            (0..count).all(take);
            Ok(())
        }
    }

    #[test]
    fn results_come_in_order_whatever_took_longest_and_few_are_held() {
        for count in [1, 2, 3, 8, 100] {
            let (begun, mut seen) = (AtomicUsize::new(0), Vec::new());
            let work = |piece: u64| {
                begun.fetch_add(1, Ordering::SeqCst);
                // Every seventh is slow, so that others overtake it.
                thread::sleep(Duration::from_micros(if piece.is_multiple_of(7) { 2_000 } else { 50 }));
                piece
            };
            in_order(threads(count), &mut pieces(60), work, |piece| {
                let held = begun.load(Ordering::SeqCst) - seen.len();
                assert!(held <= count + 2, "{held} held by {count}");
                seen.push(piece);
                true
            })
            .expect("nothing fails to be read");
            assert_eq!(seen, (0..60).collect::<Vec<_>>(), "{count}");
        }
    }

    #[test]
    fn it_stops_when_no_more_is_wanted() {
        for count in [1, 4] {
            let mut seen = 0;
            let take = |()| {
                seen += 1;
                seen < 5
            };
            in_order(threads(count), &mut pieces(1_000_000), |_| (), take).expect("nothing fails to be read");
            assert_eq!(seen, 5);
        }
    }

    #[test]
    fn what_reading_met_is_answered_after_what_was_read() {
        let mut seen = Vec::new();
        let mut read = |take: &mut dyn FnMut(u8) -> bool| {
            assert!(take(1));
            Err(std::io::Error::other("torn"))
        };
        let done = in_order(
            threads(2),
            &mut read,
            |piece| piece,
            |piece| {
                seen.push(piece);
                true
            },
        );
        assert_eq!(done.map_err(|error| error.to_string()), Err("torn".to_owned()));
        assert_eq!(seen, [1]);
    }

    #[test]
    #[should_panic(expected = "the third is bad")]
    fn a_panic_is_the_callers() {
        _ = in_order(threads(2), &mut pieces(1_000), |piece| assert!(piece != 3, "the third is bad"), |()| true);
    }
}
