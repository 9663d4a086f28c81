//! Standard output through a buffer: a server that writes a line for each request would else spend a system call on each.
//!
//! A thread empties the buffer every 10 ms while lines come. A warning or an error is written at once, with all before it, and
//! [`flush`] writes what is left: at the end of a program nothing is lost but what a SIGKILL catches within these 10 ms. When
//! standard output takes nothing more, whoever logs waits, as without a buffer.

use std::io::{self, Write};
use std::sync::{Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use tracing::{Level, Metadata};
use tracing_subscriber::fmt::MakeWriter;

/// How long a line waits for others.
const PATIENCE: Duration = Duration::from_millis(10);
/// With this many bytes waiting, whoever logs writes them itself.
const MOST: usize = 1 << 20;

static OUTPUT: OnceLock<Output<io::Stdout>> = OnceLock::new();

/// Standard output, buffered; the thread that empties it is started at the first call.
pub(crate) fn buffered() -> Buffered {
    OUTPUT.get_or_init(|| {
        std::thread::Builder::new()
            .name("log".into())
            .spawn(empty_for_ever)
            .expect("a thread can be started");
        Output::new(io::stdout())
    });
    Buffered
}

/// Writes what is still in the log's buffer: to be called before the process ends.
pub fn flush_log() {
    if let Some(output) = OUTPUT.get() {
        output.flush();
    }
}

fn empty_for_ever() {
    let output = OUTPUT.wait();
    loop {
        output.wait_for_a_line();
        std::thread::sleep(PATIENCE);
        output.flush();
    }
}

/// Makes the writer of one line.
pub(crate) struct Buffered;

impl<'w> MakeWriter<'w> for Buffered {
    type Writer = Line;

    fn make_writer(&'w self) -> Line {
        Line { at_once: true }
    }

    fn make_writer_for(&'w self, about: &Metadata<'_>) -> Line {
        Line {
            at_once: *about.level() <= Level::WARN,
        }
    }
}

/// Takes one line.
pub(crate) struct Line {
    at_once: bool,
}

impl Write for Line {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if let Some(output) = OUTPUT.get() {
            output.take(line, self.at_once);
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        flush_log();
        Ok(())
    }
}

/// Lines on their way to `target`.
struct Output<W> {
    waiting: Mutex<Vec<u8>>,
    filled: Condvar,
    target: Mutex<Target<W>>,
}

struct Target<W> {
    writer: W,
    /// Empty; kept for its memory.
    spare: Vec<u8>,
}

impl<W: Write> Output<W> {
    fn new(writer: W) -> Self {
        Self {
            waiting: Mutex::new(Vec::new()),
            filled: Condvar::new(),
            target: Mutex::new(Target {
                writer,
                spare: Vec::new(),
            }),
        }
    }

    fn take(&self, line: &[u8], at_once: bool) {
        let mut waiting = lock(&self.waiting);
        let first = waiting.is_empty();
        waiting.extend_from_slice(line);
        let full = waiting.len() > MOST;
        drop(waiting);
        if at_once || full {
            self.flush();
        } else if first {
            self.filled.notify_one();
        }
    }

    fn wait_for_a_line(&self) {
        let waiting = lock(&self.waiting);
        let filled = self
            .filled
            .wait_while(waiting, |waiting| waiting.is_empty());
        drop(filled.unwrap_or_else(PoisonError::into_inner));
    }

    /// Writes all that waits. Lines stay in order: the target is held before the buffer is looked at.
    fn flush(&self) {
        let mut target = lock(&self.target);
        let Target { writer, spare } = &mut *target;
        std::mem::swap(&mut *lock(&self.waiting), spare);
        // Where nobody reads there is nobody to tell.
        let _ = writer.write_all(spare).and_then(|()| writer.flush());
        spare.clear();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(output: &Output<Vec<u8>>) -> String {
        String::from_utf8(lock(&output.target).writer.clone()).expect("the lines are text")
    }

    #[test]
    fn a_line_waits_for_others_and_a_grave_one_takes_them_along() {
        let output = Output::new(Vec::new());
        output.take(b"one\n", false);
        output.take(b"two\n", false);
        assert_eq!(written(&output), "");
        output.take(b"three\n", true);
        assert_eq!(written(&output), "one\ntwo\nthree\n");
        output.take(b"four\n", false);
        output.flush();
        assert_eq!(written(&output), "one\ntwo\nthree\nfour\n");
    }

    #[test]
    fn a_full_buffer_is_written_by_whoever_fills_it() {
        let output = Output::new(Vec::new());
        let line = [b'a'; 1024];
        for _ in 0..1025 {
            output.take(&line, false);
        }
        assert_eq!(written(&output).len(), 1025 * 1024);
        output.take(&line, false);
        assert_eq!(written(&output).len(), 1025 * 1024);
    }

    #[test]
    fn lines_from_many_threads_stay_whole() {
        let output = Output::new(Vec::new());
        std::thread::scope(|scope| {
            for thread in 0..8 {
                let output = &output;
                scope.spawn(move || {
                    for _ in 0..100 {
                        output.take(
                            format!("{thread}{thread}{thread}\n").as_bytes(),
                            thread == 0,
                        );
                    }
                });
            }
        });
        output.flush();
        let text = written(&output);
        assert_eq!(text.lines().count(), 800);
        let is_whole =
            |line: &str| line.len() == 3 && line.bytes().all(|byte| byte == line.as_bytes()[0]);
        assert!(text.lines().all(is_whole));
    }
}
