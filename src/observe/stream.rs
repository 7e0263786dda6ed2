//! Work on pieces by several threads, and its results in the order of the file.
//!
//! One thread reads ahead, a few work, and what each piece came to is handed on in order: so the first twenty problems are
//! the same in every run, whatever thread found them.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel, sync_channel};

/// Below this many bytes in all, threads cost more than they bring.
pub(super) const SMALL: u64 = 2 << 20;

/// Reads pieces by handing them to a function, until that wants no more.
pub(super) type Reading<'r, P> = dyn FnMut(&mut dyn FnMut(P) -> bool) -> std::io::Result<()> + Send + 'r;

/// Works on every piece and hands the results on in order, until `take` answers that no more is wanted.
///
/// `parallel` is worth its threads from a few megabytes on.
///
/// # Errors
/// Whatever reading met; what was read before has been handed on.
pub(super) fn in_order<P: Send, T: Send>(
    parallel: bool,
    read: &mut Reading<'_, P>,
    work: impl Fn(P) -> T + Sync,
    mut take: impl FnMut(T) -> bool,
) -> std::io::Result<()> {
    if !parallel {
        return read(&mut |piece| take(work(piece)));
    }
    // One more than there are processors: while one waits for polars to start or end a query, another parses.
    let workers = std::thread::available_parallelism().map_or(1, usize::from).min(4) + 1;
    let (sender, receiver) = sync_channel::<(usize, P)>(1);
    let receiver = Mutex::new(receiver);
    let (done, results) = channel::<(usize, T)>();
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            let done = done.clone();
            let (receiver, work) = (&receiver, &work);
            scope.spawn(move || {
                while let Some((index, piece)) = next(receiver) {
                    if done.send((index, work(piece))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(done);
        let stop = &stop;
        let reader = scope.spawn(move || {
            let mut index = 0;
            read(&mut |piece| {
                index += 1;
                !stop.load(Ordering::Relaxed) && sender.send((index - 1, piece)).is_ok()
            })
        });
        let (mut waiting, mut due) = (BTreeMap::new(), 0);
        let mut wanted = true;
        for (index, result) in results {
            waiting.insert(index, result);
            while let Some(result) = waiting.remove(&due) {
                due += 1;
                wanted = wanted && take(result);
            }
            if !wanted {
                stop.store(true, Ordering::Relaxed);
                break;
            }
        }
        // Whatever was read ahead is let go, so that the reader does not wait for a taker.
        while next(&receiver).is_some() {}
        match reader.join() {
            Ok(read) => read,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

fn next<T>(receiver: &Mutex<Receiver<T>>) -> Option<T> {
    // A worker that panicked has ended the scope already.
    receiver.lock().unwrap_or_else(std::sync::PoisonError::into_inner).recv().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(count: u64) -> impl FnMut(&mut dyn FnMut(u64) -> bool) -> std::io::Result<()> + Send {
        move |take| {
            (0..count).all(take);
            Ok(())
        }
    }

    #[test]
    fn results_come_in_order_whatever_took_longest() {
        for parallel in [false, true] {
            let mut seen = Vec::new();
            let work = |piece: u64| {
                std::thread::sleep(std::time::Duration::from_micros((piece * 7919) % 300));
                piece
            };
            in_order(parallel, &mut pieces(100), work, |piece| {
                seen.push(piece);
                true
            })
            .unwrap();
            assert_eq!(seen, (0..100).collect::<Vec<_>>());
        }
    }

    #[test]
    fn it_stops_when_no_more_is_wanted() {
        for parallel in [false, true] {
            let mut seen = 0;
            in_order(
                parallel,
                &mut pieces(1_000_000),
                |_| (),
                |()| {
                    seen += 1;
                    seen < 5
                },
            )
            .unwrap();
            assert_eq!(seen, 5);
        }
    }
}
